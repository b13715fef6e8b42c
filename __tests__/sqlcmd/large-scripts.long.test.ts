import { testLinearTime } from './large-scripts.ts';

testLinearTime(20);
