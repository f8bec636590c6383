import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { place } from './api/place.ts';
import { Frame } from './frame/frame.tsx';
import { Shortcuts } from './frame/shortcuts.tsx';
import { parseIncidentSearch } from './screens/incident/incident-search.ts';
import { parseIncidentsSearch } from './screens/incidents/incidents-search.ts';
import { parseDevicesSearch } from './screens/devices/devices-search.ts';
import { parseEnrolSearch } from './screens/enrol/enrol-search.ts';
import { parseKnownIssueSearch, parseNewIssueSearch } from './screens/known-issue/known-issue-search.ts';
import { parseKnownIssuesSearch } from './screens/known-issues/known-issues-search.ts';
import { parseRemediationSearch } from './screens/remediation/remediation-search.ts';
import { parseRemediationsSearch } from './screens/remediations/remediations-search.ts';
import { NotFound } from './screens/not-found.tsx';
import { SignInScreen } from './screens/sign-in/sign-in-screen.tsx';
import { parseSignInSearch } from './screens/sign-in/sign-in-search.ts';
import { parseSystemSearch } from './screens/system/system-search.ts';

const root = createRootRoute({
  component: () => (
    <Shortcuts>
      <Outlet />
    </Shortcuts>
  ),
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- how the router takes a redirect
    throw redirect({ to: '/now', replace: true });
  },
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./screens/welcome/welcome-screen.tsx'), 'WelcomeScreen'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInScreen,
  validateSearch: parseSignInSearch,
});

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame });

const incidents = createRoute({
  getParentRoute: () => frame,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./screens/incidents/incidents-screen.tsx'), 'IncidentsScreen'),
  validateSearch: parseIncidentsSearch,
});

const incident = createRoute({
  getParentRoute: () => frame,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('./screens/incident/incident-screen.tsx'), 'IncidentScreen'),
  validateSearch: parseIncidentSearch,
});

const now = createRoute({
  getParentRoute: () => frame,
  path: '/now',
  component: lazyRouteComponent(() => import('./screens/now/now-screen.tsx'), 'NowScreen'),
});

const devices = createRoute({
  getParentRoute: () => frame,
  path: '/devices',
  component: lazyRouteComponent(() => import('./screens/devices/devices-screen.tsx'), 'DevicesScreen'),
  validateSearch: parseDevicesSearch,
});

const enrol = createRoute({
  getParentRoute: () => frame,
  path: '/devices/enrol',
  component: lazyRouteComponent(() => import('./screens/enrol/enrol-screen.tsx'), 'EnrolScreen'),
  validateSearch: parseEnrolSearch,
});

const device = createRoute({
  getParentRoute: () => frame,
  path: '/devices/$deviceId',
  component: lazyRouteComponent(() => import('./screens/device/device-screen.tsx'), 'DeviceScreen'),
});

const system = createRoute({
  getParentRoute: () => frame,
  path: '/system',
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- how the router takes a redirect
    throw redirect({ to: '/system/$part', params: { part: 'health' }, replace: true });
  },
});

const systemPart = createRoute({
  getParentRoute: () => frame,
  path: '/system/$part',
  component: lazyRouteComponent(() => import('./screens/system/system-screen.tsx'), 'SystemScreen'),
  validateSearch: parseSystemSearch,
});

const knownIssues = createRoute({
  getParentRoute: () => frame,
  path: '/known-issues',
  component: lazyRouteComponent(
    () => import('./screens/known-issues/known-issues-screen.tsx'),
    'KnownIssuesScreen',
  ),
  validateSearch: parseKnownIssuesSearch,
});

// The editor brings the reader of YAML along, which no other page needs.
const newIssue = createRoute({
  getParentRoute: () => frame,
  path: '/known-issues/new',
  component: lazyRouteComponent(() => import('./screens/known-issue/new-issue-screen.tsx'), 'NewIssueScreen'),
  validateSearch: parseNewIssueSearch,
});

const knownIssue = createRoute({
  getParentRoute: () => frame,
  path: '/known-issues/$knownIssueId',
  component: lazyRouteComponent(
    () => import('./screens/known-issue/known-issue-screen.tsx'),
    'KnownIssueScreen',
  ),
  validateSearch: parseKnownIssueSearch,
});

const remediations = createRoute({
  getParentRoute: () => frame,
  path: '/remediations',
  component: lazyRouteComponent(
    () => import('./screens/remediations/remediations-screen.tsx'),
    'RemediationsScreen',
  ),
  validateSearch: parseRemediationsSearch,
});

// The desk brings the whole language along, which no other page needs.
const newRemediation = createRoute({
  getParentRoute: () => frame,
  path: '/remediations/new',
  component: lazyRouteComponent(
    () => import('./screens/remediation/remediation-screen.tsx'),
    'NewRemediationScreen',
  ),
  validateSearch: parseRemediationSearch,
});

const remediation = createRoute({
  getParentRoute: () => frame,
  path: '/remediations/$remediationId',
  component: lazyRouteComponent(
    () => import('./screens/remediation/remediation-screen.tsx'),
    'RemediationScreen',
  ),
  validateSearch: parseRemediationSearch,
});

/** Every address of the console. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    welcome,
    signIn,
    frame.addChildren([
      now,
      devices,
      enrol,
      device,
      system,
      systemPart,
      incidents,
      incident,
      knownIssues,
      newIssue,
      knownIssue,
      remediations,
      newRemediation,
      remediation,
    ]),
  ]),
  basepath: place,
  scrollRestoration: true,
  // What no screen knows is dropped from an address, so that nothing unchecked reaches a screen.
  search: { strict: true },
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
