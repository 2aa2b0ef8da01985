import { serveDeclared } from './serve-dto.js';
import { wideDTO } from './dto.js';

export default serveDeclared(wideDTO);
