import { validatedList } from '../../support/validated-list/scenario.js';

export default validatedList(1);
