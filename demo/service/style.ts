/** For the pictures of the domains; the colours are the page's. */
export const DOMAINS_STYLE = `
.walk { display: grid; grid-template-columns: repeat(auto-fill, minmax(440px, 1fr)); gap: 16px; margin: 0 0 20px; }
.walk.narrow { grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
.walk figure { margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
.walk figcaption { margin: 8px 0 0; font-size: 13px; line-height: 1.4; }
.walk .at { color: var(--quiet); font-variant-numeric: tabular-nums; }
.walk svg { display: block; width: 100%; height: auto; }
.walk text { font-size: 11.5px; text-anchor: middle; fill: var(--text); font-family: inherit; }
.walk text.role { text-anchor: start; font-weight: 600; }
.walk text.domain { fill: var(--quiet); font-size: 11px; }
.walk .box rect { fill: var(--soft); stroke: var(--line); stroke-width: 1.2; }
.walk .box.down rect { stroke: var(--warn); stroke-width: 2; }
.walk .box.broken rect { stroke: var(--bad); stroke-width: 2; }
.walk .instance rect { fill: var(--quiet); }
.walk .instance text { fill: var(--page); font-weight: 600; }
.walk .instance.v2 rect { fill: var(--good); }
.walk .instance.v3 rect { fill: var(--link); }
.walk .instance.broken rect { fill: var(--bad); }
.walk .instance.down rect { fill: none; stroke: var(--warn); stroke-width: 1.4; stroke-dasharray: 3 3; }
`;
