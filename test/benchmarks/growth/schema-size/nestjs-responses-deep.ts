import { serveDeclared } from './serve-dto.js';
import { deepDTO } from './dto.js';

export default serveDeclared(deepDTO);
