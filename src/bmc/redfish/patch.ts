import type { ChangeOptions, RedfishClient, Resource } from './client.ts';
import { EtagAttempts } from './etag.ts';
import type { Answer } from './http/answer.ts';
import { RefusedError } from './http/refusal.ts';

/** Changes `resource`, with as much of an `If-Match` as this BMC understands. */
export async function patchResource(
  client: RedfishClient,
  resource: Resource,
  body: unknown,
  call: ChangeOptions & { sendsIfMatch: boolean },
): Promise<Answer> {
  const attempts = new EtagAttempts();
  let ifMatch = attempts.first(call.sendsIfMatch ? resource.etag : undefined);
  for (;;) {
    try {
      return await client.patch(resource.path, body, ifMatch, call);
    } catch (error) {
      if (!(error instanceof RefusedError) || (error.status !== 412 && error.status !== 428)) throw error;
      const { etag } = await client.get(resource.path, call);
      const attempt = attempts.next(error.status, etag);
      if (attempt === undefined) throw error;
      ifMatch = attempt.ifMatch;
    }
  }
}
