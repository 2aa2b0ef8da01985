import { servePlain } from './serve-dto.js';
import { wideDTO } from './dto.js';

export default servePlain(wideDTO);
