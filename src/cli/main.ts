import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

// A reader that has seen enough (`capt … | head`) is no reason to crash in the middle of something.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailure(error, process.stderr);
}
