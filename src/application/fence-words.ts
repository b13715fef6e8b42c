// What stands in the fence's way, in words.
import type { FenceObstacle } from '../azure/tsql/fence-obstacles.ts';
import type { SessionSeen } from '../azure/tsql/write-holders.ts';

export function fenceObstacleWords(obstacle: FenceObstacle): string {
  switch (obstacle.kind) {
    case 'owner':
      return `${obstacle.name} owns ${obstacle.objects} object${obstacle.objects === 1 ? '' : 's'}, and an owner cannot be denied writing`;
    case 'application-role':
      return `${obstacle.name} is an application role, which no other role can bind`;
    case 'guest':
      return 'guest may connect, and whoever enters as guest is in no role';
    case 'column-grant':
      return `${obstacle.name} was granted UPDATE on a column, which no denial on more than the column takes back`;
    case 'memory-optimized':
      return `table ${obstacle.name} is memory-optimized, and who has written into it cannot be seen before the commit`;
    case 'right':
      return `sessions that hold writes cannot be seen or ended (${obstacle.why})`;
  }
}

/** "session 57 (sqladmin, SQL Server Management Studio, LAPTOP)". */
export function sessionWords({ id, login, program, host }: SessionSeen): string {
  return `session ${id} (${[login, program, host].filter((one) => one !== '').join(', ')})`;
}
