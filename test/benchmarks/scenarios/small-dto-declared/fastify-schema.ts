import { servePuppyWithSchema } from '../../support/serve-puppy-with-schema.js';

export default servePuppyWithSchema;
