import { CaptError } from '../../api/errors/capt-error.ts';
import type { ActionContext, ActionResult, NativeAction } from './action.ts';
import { checkedEnvironment, checkInteger } from './environment.ts';

/**
 * The original starts a container that waits and then ends the machine, and reports a success that nobody knows to be one.
 * Actions that end the machine wait by themselves here; so this runs the action in IMAGE, fails when that fails, and the
 * end of the machine comes WAIT_SECONDS after the server has taken the success.
 */
export function waitdaemonOf(find: (image: string) => NativeAction | undefined): NativeAction {
  return {
    name: 'waitdaemon',
    summary: 'run another action that ends the machine (IMAGE), after the success was reported',
    variables: [
      { name: 'IMAGE', what: 'image of that action, such as kexec', required: true },
      {
        name: 'WAIT_SECONDS',
        what: 'how long to wait after the report',
        default: '10',
        check: checkInteger(0, 86_400),
      },
    ],
    run: async (context) => await perform(context, find),
  };
}

async function perform(
  context: ActionContext,
  find: (image: string) => NativeAction | undefined,
): Promise<ActionResult> {
  const { IMAGE: image = '', WAIT_SECONDS: seconds = '' } = context.env;
  const action = find(image);
  if (action === undefined || action.name === 'waitdaemon') {
    throw new CaptError('ACTION_UNKNOWN', { name: image, image, known: 'the other native actions' });
  }
  const { message, finale } = await action.run({ ...context, env: checkedEnvironment(action, context.env) });
  return {
    ...(message === undefined ? {} : { message }),
    ...(finale === undefined ? {} : { finale: { ...finale, delaySeconds: Number(seconds) } }),
  };
}
