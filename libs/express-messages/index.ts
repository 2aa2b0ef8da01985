export { createExpressMessages, type ExpressApplication } from './express-messages.js';
