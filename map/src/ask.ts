// One GraphQL operation, asked by its id as whoever is signed in.
import type { Operation } from './operation';
import { Problem, unreachable } from './problem';
import type { Session } from './session';

interface Answer {
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export type Ask = <Data, Variables>(operation: Operation<Data, Variables>, variables: Variables) => Promise<Data>;

/** Gives the data; throws `Problem` for everything else. A token that has run out is renewed once. */
export const asking =
  (session: Session): Ask =>
  async (operation, variables) => {
    const token = await session.token();
    let response = await send(operation.id, variables, token);
    if (response.status === 401 && token) {
      await session.refused(token);
      const next = await session.token();
      if (!next) throw new Problem('Your session has ended. Sign in again.');
      response = await send(operation.id, variables, next);
    }
    const { data, errors } = (await response.json().catch(() => ({}))) as Answer;
    if (data && !errors) return data;
    throw new Problem(said(response, errors?.[0]));
  };

function send(id: string, variables: unknown, token: string | null): Promise<Response> {
  return fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ documentId: id, variables }),
  }).catch(unreachable);
}

function said(response: Response, error: NonNullable<Answer['errors']>[number] | undefined): string {
  if (response.status === 429) {
    return `That was too often. Try again in ${response.headers.get('Retry-After') ?? 'some'} seconds.`;
  }
  if (response.status === 413) return 'This is more than can be sent at once: a megabyte. Make it shorter.';
  if (error?.extensions?.code === 'DOCUMENT_NOT_FOUND') {
    return 'The server has a newer version of this page. Reload it to go on.';
  }
  return error ? `The server says: ${error.message}` : `The server answered ${response.status}. Try again in a moment.`;
}
