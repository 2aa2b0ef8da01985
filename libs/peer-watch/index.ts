export { watchPeer, type WatchedPeer } from './peer-watch.js';
