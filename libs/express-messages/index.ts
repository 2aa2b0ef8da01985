export {
  createExpressMessages,
  NEEDS_EXPRESS_MESSAGES,
  type ExpressApplication,
} from './express-messages.js';
