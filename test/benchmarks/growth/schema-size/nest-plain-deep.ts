import { servePlain } from './serve-dto.js';
import { deepDTO } from './dto.js';

export default servePlain(deepDTO);
