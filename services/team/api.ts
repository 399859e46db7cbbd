import type { AnyRoute } from '../../shared/http/route.ts';
import { exportRoutes } from '../../shared/exports/routes.ts';
import { importRoutes } from '../../shared/imports/routes.ts';
import { memberImport } from './domain/member-kind.ts';
import { memberExport } from './exports/member-export.ts';
import { listAudit } from './routes/audit.ts';
import { absenceRoutes } from './routes/absences.ts';
import { capacityRoutes } from './routes/capacity.ts';
import { coachingRoutes } from './routes/coaching-sessions.ts';
import { addNote, addScorecard, moveToStage, reject, reopenRejected } from './routes/candidate-steps.ts';
import { addCandidate, changeCandidate, getCandidate, listCandidates } from './routes/candidates.ts';
import { hire } from './routes/hire.ts';
import { meetingStepRoutes } from './routes/meeting-steps.ts';
import { meetingRoutes } from './routes/meetings.ts';
import { depart, transfer } from './routes/member-moves.ts';
import { addMember, changeMember, getMember, listMembers } from './routes/members.ts';
import { getOrganization, putOrganization } from './routes/organization.ts';
import { changeSettings, getSettingsChange, listSettingsChanges } from './routes/settings-changes.ts';
import { reviewStepRoutes } from './routes/review-steps.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { changeTeam, createTeam, getTeam, listTeams } from './routes/teams.ts';
import {
  assignProgram,
  completeModule,
  listAssignments,
  listOfProgram,
} from './routes/training-assignments.ts';
import { getEffect } from './routes/training-effect.ts';
import { changeProgram, createProgram, getProgram, listPrograms } from './routes/training-programs.ts';
import { changeTerritory, createTerritory, getTerritory, listTerritories } from './routes/territories.ts';
import { territoryRuleRoutes } from './routes/territory-rules.ts';

/** Everything that this service answers. */
export const routes = [
  getOrganization,
  putOrganization,
  changeSettings,
  listSettingsChanges,
  getSettingsChange,
  createTeam,
  listTeams,
  getTeam,
  changeTeam,
  addMember,
  listMembers,
  getMember,
  changeMember,
  transfer,
  depart,
  ...absenceRoutes,
  ...capacityRoutes,
  ...territoryRuleRoutes,
  createTerritory,
  listTerritories,
  getTerritory,
  changeTerritory,
  listAudit,
  ...privacyRoutes,
  ...coachingRoutes,
  ...meetingRoutes,
  ...meetingStepRoutes,
  ...reviewRoutes,
  ...reviewStepRoutes,
  addCandidate,
  listCandidates,
  getCandidate,
  changeCandidate,
  moveToStage,
  reject,
  reopenRejected,
  addNote,
  addScorecard,
  hire,
  createProgram,
  listPrograms,
  getProgram,
  changeProgram,
  assignProgram,
  listOfProgram,
  listAssignments,
  completeModule,
  getEffect,
  ...importRoutes(memberImport, { read: 'sales/team.read', write: 'sales/team.write' }),
  ...exportRoutes(memberExport, { read: 'sales/team.read' }),
] as const satisfies readonly AnyRoute[];
