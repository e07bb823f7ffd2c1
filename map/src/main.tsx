import { render } from 'preact';
import './styles/all.css';
import { App } from './app';
import { Session } from './session';

const session = new Session();
render(<App session={session} />, document.getElementById('root')!);
void session.start();
