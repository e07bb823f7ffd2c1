// Made by 'npm run generate'. Do not edit.
import type { Operation } from './operation';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** How far a participant is with a tool. */
export type ProgressStatus =
  /** Prerequisites are not completed. */
  | 'LOCKED'
  /** Open, nothing saved yet. */
  | 'UNLOCKED'
  /** Begun, or reopened. */
  | 'IN_PROGRESS'
  /** Submitted. */
  | 'COMPLETED';

/** The kind of an answer. */
export type QuestionType =
  /** Text. */
  | 'TEXT'
  /** A number. */
  | 'NUMBER'
  /** A whole number from a scale. */
  | 'RATING'
  /** A list. */
  | 'LIST'
  /** An object, or a list of them. */
  | 'COMPOUND';

/** What a person may be. */
export type Role =
  /** A participant, who sees their own work. */
  | 'USER'
  /** Someone who looks after the organisations assigned to them, and reviews submissions. */
  | 'GURU'
  /** Someone who sees the work of their own organisation, and manages its people. */
  | 'ADMIN'
  /** Someone who manages organisations and accounts, and sees nobody's work. */
  | 'PLATFORM_ADMIN';

/** Where a submission stands. */
export type SubmissionStatus =
  /** Begun. */
  | 'DRAFT'
  /** Worked on, reopened, or sent back by a guru. */
  | 'IN_PROGRESS'
  /** Handed in; waits for a guru. */
  | 'SUBMITTED'
  /** Approved by a guru. */
  | 'COMPLETED';

export type MapProgressSubscriptionVariables = Exact<{
  userId?: string | number | null | undefined;
  organizationId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type MapProgressSubscription = { told:
    | { __typename: 'ProgressChanged', cursor: string, participant: { databaseId: string } | null }
    | { __typename: 'Listening', cursor: string }
    | { __typename: 'ReadAfresh', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapUnlockedSubscriptionVariables = Exact<{
  userId?: string | number | null | undefined;
  organizationId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type MapUnlockedSubscription = { told:
    | { __typename: 'ToolUnlocked', cursor: string, participant: { databaseId: string } | null }
    | { __typename: 'Listening', cursor: string }
    | { __typename: 'ReadAfresh', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapStaleSubscriptionVariables = Exact<{
  userId?: string | number | null | undefined;
  organizationId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type MapStaleSubscription = { told:
    | { __typename: 'StaleChanged', cursor: string, participant: { databaseId: string } | null }
    | { __typename: 'Listening', cursor: string }
    | { __typename: 'ReadAfresh', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapValuesSubscriptionVariables = Exact<{
  ids: Array<string> | string;
  userId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type MapValuesSubscription = { told:
    | { __typename: 'FieldChanged', cursor: string, participant: { databaseId: string } | null }
    | { __typename: 'Listening', cursor: string }
    | { __typename: 'ReadAfresh', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapCatalogueQueryVariables = Exact<{ [key: string]: never; }>;


export type MapCatalogueQuery = { tools: Array<{ slug: string, name: string, module: { number: number, name: string }, prerequisites: Array<{ slug: string }> }> };

export type MapViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type MapViewerQuery = { viewer: { databaseId: string, fullName: string, role: Role } | null };

export type MapPersonQueryVariables = Exact<{
  id: string | number;
}>;


export type MapPersonQuery = { user: { databaseId: string, fullName: string, organizationId: string | null, tools: Array<{ slug: string, progress: { status: ProgressStatus, percentage: number, lastAccessedAt: string | null }, fieldValues: Array<{ stale: boolean }> }> } | null };

export type ToolStateFragment = { slug: string, progress: { status: ProgressStatus, percentage: number, lastAccessedAt: string | null }, fieldValues: Array<{ stale: boolean }> };

export type MapSaveMutationVariables = Exact<{
  tool: string;
  data: unknown;
  expectedVersion: number;
}>;


export type MapSaveMutation = { saveSubmission:
    | { __typename: 'SubmissionSaved', submission: { version: number } }
    | { __typename: 'Locked', message: string }
    | { __typename: 'StaleVersion', message: string, currentVersion: number, current: { data: unknown } | null }
    | { __typename: 'InvalidAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'MissingAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'InvalidTransition', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapToolQueryVariables = Exact<{
  person: string | number;
  slug: string;
}>;


export type MapToolQuery = { user: { tool: { slug: string, progress: { status: ProgressStatus, percentage: number, isUnlocked: boolean, startedAt: string | null, lastAccessedAt: string | null, completedAt: string | null }, submission: { version: number, status: SubmissionStatus, reviewComment: string | null } | null, responses: Array<{ data: unknown, question: { key: string, label: string, description: string, type: QuestionType, required: boolean, publishes: string | null, sensitive: boolean } }>, whyLocked: Array<{ status: ProgressStatus, tool: { slug: string, name: string }, fields: Array<{ label: string }> }>, unlocks: Array<{ slug: string }>, dependencies: Array<{ fieldId: string, label: string, available: boolean, required: boolean, stale: boolean, sourceTool: { slug: string, name: string } }>, fieldValues: Array<{ id: string, label: string, available: boolean, version: number | null, updatedAt: string | null, stale: boolean, author: { fullName: string } | null }> } | null } | null };

export type MapDefinitionQueryVariables = Exact<{
  slug: string;
}>;


export type MapDefinitionQuery = { tool: { description: string, isOptional: boolean, questions: Array<{ key: string, label: string, description: string, required: boolean }>, needs: Array<{ label: string, required: boolean, field: { id: string, tool: { slug: string, name: string } } }> } | null };

export type ToolDetailFragment = { slug: string, progress: { status: ProgressStatus, percentage: number, isUnlocked: boolean, startedAt: string | null, lastAccessedAt: string | null, completedAt: string | null }, submission: { version: number, status: SubmissionStatus, reviewComment: string | null } | null, responses: Array<{ data: unknown, question: { key: string, label: string, description: string, type: QuestionType, required: boolean, publishes: string | null, sensitive: boolean } }>, whyLocked: Array<{ status: ProgressStatus, tool: { slug: string, name: string }, fields: Array<{ label: string }> }>, unlocks: Array<{ slug: string }>, dependencies: Array<{ fieldId: string, label: string, available: boolean, required: boolean, stale: boolean, sourceTool: { slug: string, name: string } }>, fieldValues: Array<{ id: string, label: string, available: boolean, version: number | null, updatedAt: string | null, stale: boolean, author: { fullName: string } | null }> };

export const MapProgress: Operation<MapProgressSubscription, MapProgressSubscriptionVariables> = { id: 'sha256:182a344f52b22f5851043cafed200d7f7909aa4e91be6e742edc2719a4944893' };
export const MapUnlocked: Operation<MapUnlockedSubscription, MapUnlockedSubscriptionVariables> = { id: 'sha256:36bfac864208a620ecae64036fb4448173766b6c9a2c3ff1988b03b88540cab0' };
export const MapStale: Operation<MapStaleSubscription, MapStaleSubscriptionVariables> = { id: 'sha256:25ccca028ea6a2ca51a52a91d492730e609158631a6f406b9f3496fb71e2f9f8' };
export const MapValues: Operation<MapValuesSubscription, MapValuesSubscriptionVariables> = { id: 'sha256:5da9cb2adb5b0ba29b1d68eff3cfc59bdc0958f91d3db430614af03caa984bd6' };
export const MapCatalogue: Operation<MapCatalogueQuery, MapCatalogueQueryVariables> = { id: 'sha256:3fe0f07d7ddad2f40bed37fbc786ce8a7537c399b76dc38d6ea7e5160b4e8c7b' };
export const MapViewer: Operation<MapViewerQuery, MapViewerQueryVariables> = { id: 'sha256:690cddc6bd5d2239e219eb142ac2eb6a1328cd18210f9aa9f9079544ef8db424' };
export const MapPerson: Operation<MapPersonQuery, MapPersonQueryVariables> = { id: 'sha256:7269d7aadda126990a3c2f6c17e0fca2efea030fc781f1d066ef9350d61298a2' };
export const MapSave: Operation<MapSaveMutation, MapSaveMutationVariables> = { id: 'sha256:efd956c6b46b610bb323eb009fdda8911e45a66921b40e088c62bf104b6f455d' };
export const MapTool: Operation<MapToolQuery, MapToolQueryVariables> = { id: 'sha256:a2274512cf360916d68e58d399dd98ebf422e0e8b94722fa0e90a1f985a515b4' };
export const MapDefinition: Operation<MapDefinitionQuery, MapDefinitionQueryVariables> = { id: 'sha256:202d375f77f4f272f4231b5075e98362e02d46e8f5e1b289e3e9528a0bf5d7e4' };
