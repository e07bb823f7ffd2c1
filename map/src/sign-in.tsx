// Signing in: with a password, or in development by picking one of the demo people.
import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from './problem';
import type { DemoPerson, Session } from './session';

export function SignIn({ session }: { session: Session }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [people, setPeople] = useState<DemoPerson[]>([]);

  useEffect(() => {
    session.demoPeople().then(setPeople, () => {});
  }, [session]);

  async function attempt(signIn: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    await signIn().catch((error) => setProblem(sentenceOf(error)));
    setBusy(false);
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    void attempt(() => session.signIn(String(given.get('email')), String(given.get('password'))));
  }

  return (
    <section class="sign-in" aria-labelledby="sign-in">
      <h2 id="sign-in">Sign in to see your work</h2>
      {session.ended && (
        <p class="problem" role="alert">
          Your session has ended. Sign in again: nothing that you have typed is lost.
        </p>
      )}
      {session.lingering && (
        <p class="problem" role="alert">
          You are signed out on this page, but the server could not be told: whoever reloads it here is signed in again.{' '}
          <button type="button" class="quiet" onClick={() => void session.signOut()}>
            Sign out once more
          </button>
        </p>
      )}
      <p class="muted">Until then this is the programme: what there is, and what needs what.</p>
      <form onSubmit={submit}>
        <label>
          Mail address
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button class="main" disabled={busy}>
          Sign in
        </button>
      </form>
      {people.length > 0 && (
        <label>
          Demo person
          <select
            value=""
            onChange={({ currentTarget: { value } }) => void attempt(() => session.pick(value))}
          >
            <option value="" disabled>
              Pick someone…
            </option>
            {people.map(({ email, name, role, organization }) => (
              <option key={email} value={email}>
                {[name, role.replaceAll('_', ' '), organization].filter(Boolean).join(' · ')}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="refused" role="alert">
        {problem}
      </p>
    </section>
  );
}
