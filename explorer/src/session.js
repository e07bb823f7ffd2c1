import { useCallback, useEffect, useState } from 'react';

// sessionStorage, never localStorage: the token is gone when the browser tab closes.
// docs/init.js reads the same key.
const KEY = 'fast-track-graph.token';
const SIGNED_OUT = { state: 'out' };

const storedToken = () => sessionStorage.getItem(KEY) ?? '';

async function post(body, token) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
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

  // Stable on purpose: GraphiQL drops its schema and introspects again when this changes.
  const send = useCallback(async (body) => {
    const used = storedToken();
    const { status, result } = await post(body, used);
    if (status === 401 && used && used === storedToken()) {
      signOut();
      setWho({ state: 'refused', message: result.errors?.[0]?.message });
    }
    return result;
  }, [signOut]);

  useEffect(() => {
    if (!token) return;
    const settle = (next) => token === storedToken() && setWho(next);
    send({ query: '{ viewer { fullName email role } }' }).then(
      ({ data, errors }) =>
        settle(
          data?.viewer
            ? { state: 'in', ...data.viewer }
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
