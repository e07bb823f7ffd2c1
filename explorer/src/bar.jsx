import { useEffect, useState } from 'react';
import { DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { demoToken, useDemoUsers } from './session.js';

const roleName = (role) => role?.toLowerCase().replaceAll('_', ' ');

function Examples() {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));

  function open({ query, variables }) {
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    // The editors report their text only after a pause; the tab title should not wait for it.
    updateActiveTabValues({ query, variables });
  }

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="bar-button" disabled={!queryEditor}>
        Examples <span aria-hidden="true">▾</span>
      </DropdownMenu.Button>
      <DropdownMenu.Content
        className="examples"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          queryEditor?.focus();
        }}
      >
        {EXAMPLES.map((example) => (
          <DropdownMenu.Item key={example.title} onSelect={() => open(example)}>
            {example.title}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

function DemoUsers({ who, onToken, onError }) {
  const users = useDemoUsers();
  if (!users.length) return null;
  const current = users.find(({ email }) => email === who.email);

  async function pick(event) {
    const email = event.target.value;
    try {
      onToken(await demoToken(email));
    } catch (error) {
      onError(`Could not sign in as ${email}. ${error.message}`);
    }
  }

  return (
    <label className="field">
      <span>Demo user</span>
      <select value={current?.email ?? ''} onChange={pick}>
        <option value="" disabled>
          Pick someone…
        </option>
        {users.map(({ email, name, role, organization }) => (
          <option key={email} value={email}>
            {[name, roleName(role), organization].filter(Boolean).join(' · ')}
          </option>
        ))}
      </select>
    </label>
  );
}

function TokenForm({ onToken }) {
  const [text, setText] = useState('');

  function submit(event) {
    event.preventDefault();
    onToken(text);
    setText('');
  }

  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="password"
        placeholder="Paste an access token"
        autoComplete="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="bar-button" disabled={!text.trim()}>
        Use token
      </button>
    </form>
  );
}

function Who({ who }) {
  switch (who.state) {
    case 'in':
      return (
        <>
          Signed in as <strong>{who.fullName}</strong>
          {[who.email, roleName(who.role)].filter(Boolean).map((fact) => ` · ${fact}`)}
        </>
      );
    case 'checking':
      return 'Checking the token…';
    case 'unknown':
      return 'Using your token';
    default:
      return 'Not signed in';
  }
}

const WHOSE = {
  OWN: 'your own',
  GUIDED: 'of those you look after',
  ORGANIZATION: 'of your organisation',
  ALL: 'of everybody',
};

/** The rules that the server holds whoever is signed in to, from its one table of permissions. */
function May({ rules }) {
  if (!rules?.length) return null;
  return (
    <details className="may">
      <summary className="bar-button">What you may do</summary>
      <ul>
        {rules.map(({ permission, meaning, reaches }) => (
          <li key={permission}>
            {meaning} <span>{reaches.map((reach) => WHOSE[reach] ?? roleName(reach)).join(', ')}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function problemWith({ state, message }) {
  if (state === 'refused') {
    return `The server refused this token, so you are signed out.${message ? ` It said: “${message}”` : ''}`;
  }
  if (state === 'unknown') return `Could not find out who you are. ${message}`;
}

export function Bar({ session: { token, who, signIn, signOut } }) {
  const { introspect } = useGraphiQLActions();
  const schemaError = useGraphiQL((state) => state.fetchError);
  const [demoError, setDemoError] = useState();
  const problem = demoError ?? problemWith(who);

  // Where the schema is only for people who signed in, a new token deserves another try.
  // The error is no dependency: failing again must not ask again.
  useEffect(() => {
    if (schemaError) introspect();
  }, [token]);

  function useToken(next) {
    setDemoError();
    signIn(next);
  }

  return (
    <header className="graphiql-container bar">
      <div className="bar-row">
        <h1>
          <img src="/static/favicon.svg" alt="" width="22" height="22" /> Fast Track Graph
        </h1>
        <Examples />
        <nav aria-label="Other pages">
          <a href="/docs">REST docs</a>
          <a href="/schema.graphql">Schema</a>
        </nav>
        <div className="account">
          <span className="who" role="status">
            <Who who={who} />
          </span>
          <May rules={who.may} />
          <DemoUsers who={who} onToken={useToken} onError={setDemoError} />
          {token ? (
            <button className="bar-button" onClick={signOut}>
              Sign out
            </button>
          ) : (
            <TokenForm onToken={useToken} />
          )}
        </div>
      </div>
      <p className="problem" role="alert" hidden={!problem}>
        {problem}
      </p>
    </header>
  );
}
