// The explorer reads its token from here (explorer/src/session.js).
const TOKEN = 'fast-track-graph.token';

const element = (id) => document.getElementById(id);

async function ask(path, body, headers = {}) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    body: typeof body === 'string' ? body : body && JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

function pupil() {
  const picked = element('person').selectedOptions[0];
  const email = element('email').value.trim();
  return { user_id: picked.value || `school-${email}`, email, name: element('name').value.trim() };
}

function pick() {
  const { email = '', name = '' } = element('person').selectedOptions[0].dataset;
  element('email').value = email;
  element('name').value = name;
}

async function showWho() {
  const { status, answer } = await ask('/api/auth/refresh', {});
  if (status !== 200) return;
  const { user, access_token: token } = answer.data;
  sessionStorage.setItem(TOKEN, token);
  const progress = await ask('/api/user/progress', undefined, { Authorization: `Bearer ${token}` });
  const open = progress.answer.data.progress.filter((tool) => tool.status !== 'locked').map((tool) => tool.tool_slug);
  element('who').textContent = `${user.name} (${user.role}) is signed in. Open: ${open.join(', ')}.`;
  element('next').hidden = false;
}

async function open() {
  const { status, answer } = await ask('/dev/learnworlds/link', pupil());
  if (status === 200) location.assign(answer.location);
}

async function tell(type) {
  const course = type === 'courseCompleted' ? element('course').value : null;
  const event = await ask('/dev/learnworlds/webhook', { type, user_id: pupil().user_id, course });
  const { body, signature } = event.answer;
  const { status, answer } = await ask('/api/learnworlds/webhook', body, { 'Learnworlds-Webhook-Signature': signature });
  element('answer').hidden = false;
  element('answer').textContent = `${status} ${JSON.stringify(answer, null, 2)}`;
  if (!element('next').hidden) await showWho();
}

async function start() {
  const { people, courses } = (await ask('/dev/learnworlds/known')).answer;
  for (const { user_id: id, email, name, role, organization } of people) {
    const option = new Option(`${name} · ${role}${organization && ` · ${organization}`}`, id);
    Object.assign(option.dataset, { email, name });
    element('person').append(option);
  }
  for (const course of courses) element('course').append(new Option(course));
  element('person').addEventListener('change', pick);
  element('open').addEventListener('click', open);
  for (const button of document.querySelectorAll('[data-type]')) {
    button.addEventListener('click', () => tell(button.dataset.type));
  }
  if (location.hash === '#signed-in') await showWho();
}

start();
