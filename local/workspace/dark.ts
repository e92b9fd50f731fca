import { type Socket } from 'node:net';

/** The region is lost: connections are accepted, nothing is ever answered. */
export class DarkSwitch {
  private on = false;
  private readonly held = new Set<Socket>();

  isOn(): boolean {
    return this.on;
  }

  /** When the light comes back, what hung until then is closed, never answered. */
  set(on: boolean): void {
    this.on = on;
    if (on) return;
    for (const socket of this.held) socket.destroy();
    this.held.clear();
  }

  /** How many still wait for an answer. */
  waiting(): number {
    return this.held.size;
  }

  hold(socket: Socket): void {
    this.held.add(socket);
    socket.once('close', () => this.held.delete(socket));
  }
}
