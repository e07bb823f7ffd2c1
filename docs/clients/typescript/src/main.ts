// Reads a tool with all it builds on, saves an answer, and is refused twice: refusals are data.
import {
  ReadProductDevelopmentDocument,
  SavePricingDocument,
  SaveProductDevelopmentDocument,
  SignInDocument,
  type SavedFragment,
  type TypedDocumentString,
} from './graph.js';

const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:8000';

/** What `errors` holds is no refusal: a document that the schema does not know, too many requests, or our own mistake. */
class Fault extends Error {}

/** Executes an operation. What comes back and what has to be given is known from the document. */
async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  token?: string,
): Promise<Data> {
  const response = await fetch(`${gateway}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query: document.toString(), variables }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as { data?: Data | null; errors?: { message: string }[] };
  if (answer.errors || !answer.data) {
    const said = answer.errors?.map((error) => error.message).join(' ');
    throw new Fault(`${response.status}: ${said} (request ${response.headers.get('X-Request-Id')})`);
  }
  return answer.data;
}

/** The token of the environment, or one for the mail address and the password there. */
async function signIn(): Promise<string> {
  const { TOKEN, EMAIL = '', PASSWORD = '' } = process.env;
  if (TOKEN) return TOKEN;
  const { login } = await ask(SignInDocument, { email: EMAIL, password: PASSWORD });
  if (login.__typename === 'SignedIn') return login.accessToken;
  throw new Fault(login.message);
}

/** What became of a save, for people. A refusal that is added later has a message, too. */
function told(saved: SavedFragment): string {
  switch (saved.__typename) {
    case 'SubmissionSaved':
      return `Saved: version ${saved.submission.version}`;
    case 'StaleVersion':
      return `Refused: somebody saved version ${saved.currentVersion} meanwhile`;
    case 'Locked':
      return `Refused: locked until ${saved.missing.map(({ tool }) => tool.name).join(', ')}`;
    case 'InvalidAnswers':
      return `Refused: ${saved.problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`;
    default:
      return `Refused: ${saved.message}`;
  }
}

async function main(): Promise<void> {
  const token = await signIn();
  const { viewer } = await ask(ReadProductDevelopmentDocument, {}, token);
  if (!viewer) throw new Fault('Nobody is signed in.');
  const tool = viewer.productDevelopment;
  const version = tool.submission?.version ?? 0;
  console.log(`${viewer.fullName}: ${tool.name} is ${tool.progress.status}, version ${version}`);
  for (const { label, sourceTool, available, stale } of tool.dependencies) {
    console.log(`  ${label} of ${sourceTool.name}${available ? '' : ', not there'}${stale ? ', stale' : ''}`);
  }
  const answers = { portfolio: { keep: ['Oven planner'], drop: ['Paper order book'] } };
  console.log(told((await ask(SaveProductDevelopmentDocument, { answers, version }, token)).saveProductDevelopment));
  console.log(told((await ask(SaveProductDevelopmentDocument, { answers, version }, token)).saveProductDevelopment));
  const prices = { anchorPrice: { amount: 490, of: 'a night baker' } };
  console.log(told((await ask(SavePricingDocument, { answers: prices, version: 0 }, token)).savePricing));
}

main().catch((error: unknown) => {
  console.error(error instanceof Fault ? error.message : error);
  process.exitCode = 1;
});
