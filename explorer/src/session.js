import { useCallback, useEffect, useState } from 'react';
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-sse';

// sessionStorage, never localStorage: the token is gone when the browser tab closes.
// docs/init.js reads the same key.
const KEY = 'fast-track-graph.token';
const SIGNED_OUT = { state: 'out' };

const storedToken = () => sessionStorage.getItem(KEY) ?? '';

const bearer = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

async function post(body, token) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
      ...bearer(token),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return { status: response.status, result: JSON.parse(text) };
  } catch {
    const message = `The server answered ${response.status} with something that is not JSON.`;
    return { status: response.status, result: { errors: [{ message }] } };
  }
}

/** The answers to a subscription as they come; `refused` is told of a token that is good no more. */
function listen(body, token, refused) {
  const { iterate } = createClient({
    url: '/graphql',
    headers: bearer(token),
    retryAttempts: 0, // a stream that ends says so; whoever explores presses the button again
    fetchFn: async (url, init) => {
      const response = await fetch(url, init);
      if (response.ok) return response;
      const { errors } = await response.json().catch(() => ({}));
      const message = errors?.[0]?.message ?? `The server answered ${response.status}.`;
      if (response.status === 401) refused(token, message);
      throw new Error(message);
    },
  });
  return iterate(body);
}

export function useSession() {
  const [token, setToken] = useState(storedToken);
  const [who, setWho] = useState(token ? { state: 'checking' } : SIGNED_OUT);

  const signOut = useCallback(() => {
    sessionStorage.removeItem(KEY);
    setToken('');
    setWho(SIGNED_OUT);
  }, []);

  const signIn = useCallback((pasted) => {
    const next = pasted.trim().replace(/^Bearer\s+/i, '');
    if (!next) return;
    sessionStorage.setItem(KEY, next);
    setToken(next);
    setWho({ state: 'checking' });
  }, []);

  const refused = useCallback((used, message) => {
    if (!used || used !== storedToken()) return;
    signOut();
    setWho({ state: 'refused', message });
  }, [signOut]);

  // Stable on purpose: GraphiQL drops its schema and introspects again when this changes.
  const send = useCallback(async (body, { documentAST } = {}) => {
    const used = storedToken();
    const operation = documentAST && getOperationAST(documentAST, body.operationName);
    if (operation?.operation === 'subscription') return listen(body, used, refused);
    const { status, result } = await post(body, used);
    if (status === 401) refused(used, result.errors?.[0]?.message);
    return result;
  }, [refused]);

  useEffect(() => {
    if (!token) return;
    const settle = (next) => token === storedToken() && setWho(next);
    send({ query: '{ viewer { fullName email role } permissions { permission meaning role reaches } }' }).then(
      ({ data, errors }) =>
        settle(
          data?.viewer
            ? { state: 'in', ...data.viewer, may: data.permissions.filter(({ role }) => role === data.viewer.role) }
            : { state: 'unknown', message: errors?.[0]?.message ?? 'No account goes with this token.' },
        ),
      () => settle({ state: 'unknown', message: 'The server could not be reached.' }),
    );
  }, [token, send]);

  return { token, who, signIn, signOut, send };
}

export function useDemoUsers() {
  const [users, setUsers] = useState([]);
  useEffect(() => {
    fetch('/dev/users')
      .then((response) => (response.status === 200 ? response.json() : []))
      .then((list) => Array.isArray(list) && setUsers(list))
      .catch(() => {});
  }, []);
  return users;
}

export async function demoToken(email) {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()).access_token;
}
