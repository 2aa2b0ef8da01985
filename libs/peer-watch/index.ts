export { watchPeer } from './peer-watch.js';
