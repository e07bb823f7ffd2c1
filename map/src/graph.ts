// Made by 'npm run generate'. Do not edit.
import type { Operation } from './operation';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Who wrote a value. */
export type AuthorKind =
  /** A person, in a page or an app. */
  | 'HUMAN'
  /** A program with a service key, in a person's name. */
  | 'AUTOMATION';

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

/** A source as you looked at it. */
export type SeenSource = {
  /** The published value that the tool builds on. */
  fieldId: string;
  /** Its version then. */
  version: number;
};

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

export type MapConfirmMutationVariables = Exact<{
  tool: string;
  ids?: Array<string> | string | null | undefined;
  seen?: Array<SeenSource> | SeenSource | null | undefined;
}>;


export type MapConfirmMutation = { confirmValues:
    | { __typename: 'ValuesConfirmed' }
    | { __typename: 'SourceMoved', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapHistoryQueryVariables = Exact<{
  person: string | number;
  field: string;
  after?: string | null | undefined;
}>;


export type MapHistoryQuery = { field: { history: { edges: Array<{ cursor: string, node: { version: number, at: string, size: number, available: boolean, authorKind: AuthorKind, confirmedAt: string | null, author: { fullName: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type MapVersionQueryVariables = Exact<{
  person: string | number;
  field: string;
  after?: string | null | undefined;
}>;


export type MapVersionQuery = { field: { history: { edges: Array<{ node: { version: number, value: unknown } }> } } | null };

export type MapSourcesQueryVariables = Exact<{
  person: string | number;
  field: string;
}>;


export type MapSourcesQuery = { field: { provenance: { builtOn: Array<{ value: unknown, currentValue: unknown, field: { id: string } }> } | null } | null };

export type MapLineageQueryVariables = Exact<{
  person: string | number;
  field: string;
  depth: number;
}>;


export type MapLineageQuery = { field: { lineage: { upstream: Array<{ distance: number, field: { id: string, label: string, available: boolean, stale: boolean, sourceTool: { slug: string, name: string } } }>, downstream: Array<{ distance: number, field: { id: string, label: string, available: boolean, stale: boolean, sourceTool: { slug: string, name: string } } }> }, impact: { wouldTurnStale: Array<{ id: string }>, tools: Array<{ slug: string, name: string }> } } | null };

export type NodeFragment = { distance: number, field: { id: string, label: string, available: boolean, stale: boolean, sourceTool: { slug: string, name: string } } };

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


export type MapPersonQuery = { user: { databaseId: string, fullName: string, organizationId: string | null, tools: Array<{ slug: string, stale: boolean, progress: { status: ProgressStatus, unlockedAt: string | null, lastAccessedAt: string | null } }> } | null };

export type ToolStateFragment = { slug: string, stale: boolean, progress: { status: ProgressStatus, unlockedAt: string | null, lastAccessedAt: string | null } };

export type MapOrganizationsQueryVariables = Exact<{ [key: string]: never; }>;


export type MapOrganizationsQuery = { organizations: Array<{ databaseId: string, name: string }> };

export type MapMembersQueryVariables = Exact<{
  organization: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type MapMembersQuery = { organization: { databaseId: string, name: string, members: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { databaseId: string, fullName: string, tools: Array<{ slug: string, stale: boolean, progress: { status: ProgressStatus, unlockedAt: string | null, lastAccessedAt: string | null } }> } }> } } | null };

export type MapMemberQueryVariables = Exact<{
  id: string | number;
}>;


export type MapMemberQuery = { user: { databaseId: string, fullName: string, tools: Array<{ slug: string, stale: boolean, progress: { status: ProgressStatus, unlockedAt: string | null, lastAccessedAt: string | null } }> } | null };

export type StandingFragment = { databaseId: string, fullName: string, tools: Array<{ slug: string, stale: boolean, progress: { status: ProgressStatus, unlockedAt: string | null, lastAccessedAt: string | null } }> };

export type MapSaveMutationVariables = Exact<{
  tool: string;
  data: unknown;
  expectedVersion: number;
}>;


export type MapSaveMutation = { saveSubmission:
    | { __typename: 'SubmissionSaved', submission: { version: number } }
    | { __typename: 'Locked', message: string }
    | { __typename: 'StaleVersion', message: string, currentVersion: number }
    | { __typename: 'InvalidAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'MissingAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'InvalidTransition', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type MapSubmitMutationVariables = Exact<{
  tool: string;
  data: unknown;
  expectedVersion: number;
}>;


export type MapSubmitMutation = { submitTool:
    | { __typename: 'SubmissionSubmitted', submission: { version: number }, unlocked: Array<{ name: string }> }
    | { __typename: 'Locked', message: string }
    | { __typename: 'StaleVersion', message: string, currentVersion: number }
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


export type MapToolQuery = { user: { tool: { slug: string, stale: boolean, progress: { status: ProgressStatus, percentage: number, isUnlocked: boolean, lastAccessedAt: string | null }, submission: { version: number, status: SubmissionStatus, reviewComment: string | null } | null, responses: Array<{ data: unknown, question: { key: string, label: string, description: string, type: QuestionType, required: boolean, publishes: string | null, sensitive: boolean } }>, whyLocked: Array<{ status: ProgressStatus, tool: { slug: string, name: string }, fields: Array<{ label: string }> }>, unlocks: Array<{ slug: string }>, dependencies: Array<{ fieldId: string, label: string, available: boolean, required: boolean, stale: boolean, sourceVersion: number | null, sourceTool: { slug: string, name: string } }>, fieldValues: Array<{ id: string, label: string, stale: boolean, provenance: { version: number, at: string, authorKind: AuthorKind, confirmedAt: string | null, author: { fullName: string } | null, builtOn: Array<{ version: number, currentVersion: number | null, stale: boolean, field: { id: string, label: string, tool: { slug: string, name: string } } }> } | null }> } | null } | null };

export type MapDefinitionQueryVariables = Exact<{
  slug: string;
}>;


export type MapDefinitionQuery = { tool: { description: string, isOptional: boolean, questions: Array<{ key: string, label: string, description: string, required: boolean }>, needs: Array<{ label: string, required: boolean, field: { id: string, tool: { slug: string, name: string } } }> } | null };

export type ToolDetailFragment = { slug: string, stale: boolean, progress: { status: ProgressStatus, percentage: number, isUnlocked: boolean, lastAccessedAt: string | null }, submission: { version: number, status: SubmissionStatus, reviewComment: string | null } | null, responses: Array<{ data: unknown, question: { key: string, label: string, description: string, type: QuestionType, required: boolean, publishes: string | null, sensitive: boolean } }>, whyLocked: Array<{ status: ProgressStatus, tool: { slug: string, name: string }, fields: Array<{ label: string }> }>, unlocks: Array<{ slug: string }>, dependencies: Array<{ fieldId: string, label: string, available: boolean, required: boolean, stale: boolean, sourceVersion: number | null, sourceTool: { slug: string, name: string } }>, fieldValues: Array<{ id: string, label: string, stale: boolean, provenance: { version: number, at: string, authorKind: AuthorKind, confirmedAt: string | null, author: { fullName: string } | null, builtOn: Array<{ version: number, currentVersion: number | null, stale: boolean, field: { id: string, label: string, tool: { slug: string, name: string } } }> } | null }> };

export const MapConfirm: Operation<MapConfirmMutation, MapConfirmMutationVariables> = { id: 'sha256:f79636018872be75a9f1197f9158593debed3edca3a0ee26f6d20687a7a3556b' };
export const MapHistory: Operation<MapHistoryQuery, MapHistoryQueryVariables> = { id: 'sha256:cf2bfe3f1ce7de5e2d979ce2a3a4677355247ad508dc528cd1a61f7e472e0365' };
export const MapVersion: Operation<MapVersionQuery, MapVersionQueryVariables> = { id: 'sha256:ddb299b2b35268950f4ae87bb356f2bc8bb8b36afed5aa8ce867c7a06c7f03b0' };
export const MapSources: Operation<MapSourcesQuery, MapSourcesQueryVariables> = { id: 'sha256:a56ab582aa1860bae1c11431cfffe358abf2a1de924feb2f2a023a74eeda00bd' };
export const MapLineage: Operation<MapLineageQuery, MapLineageQueryVariables> = { id: 'sha256:b87575ac2c7d2826da98d0385ed8fe4d0655456b498a5e092a76d2c12dad3038' };
export const MapProgress: Operation<MapProgressSubscription, MapProgressSubscriptionVariables> = { id: 'sha256:182a344f52b22f5851043cafed200d7f7909aa4e91be6e742edc2719a4944893' };
export const MapUnlocked: Operation<MapUnlockedSubscription, MapUnlockedSubscriptionVariables> = { id: 'sha256:36bfac864208a620ecae64036fb4448173766b6c9a2c3ff1988b03b88540cab0' };
export const MapStale: Operation<MapStaleSubscription, MapStaleSubscriptionVariables> = { id: 'sha256:25ccca028ea6a2ca51a52a91d492730e609158631a6f406b9f3496fb71e2f9f8' };
export const MapValues: Operation<MapValuesSubscription, MapValuesSubscriptionVariables> = { id: 'sha256:5da9cb2adb5b0ba29b1d68eff3cfc59bdc0958f91d3db430614af03caa984bd6' };
export const MapCatalogue: Operation<MapCatalogueQuery, MapCatalogueQueryVariables> = { id: 'sha256:3fe0f07d7ddad2f40bed37fbc786ce8a7537c399b76dc38d6ea7e5160b4e8c7b' };
export const MapViewer: Operation<MapViewerQuery, MapViewerQueryVariables> = { id: 'sha256:690cddc6bd5d2239e219eb142ac2eb6a1328cd18210f9aa9f9079544ef8db424' };
export const MapPerson: Operation<MapPersonQuery, MapPersonQueryVariables> = { id: 'sha256:a84d188a022adb523188859ed58a3a25be1b6bd0bad99286fe4b47ed3b1a3bed' };
export const MapOrganizations: Operation<MapOrganizationsQuery, MapOrganizationsQueryVariables> = { id: 'sha256:7fde5471eb2613f16363fd1dd850c604132dfb6f05cf044f0a367283fb2d0542' };
export const MapMembers: Operation<MapMembersQuery, MapMembersQueryVariables> = { id: 'sha256:69fc663b557894f5b14556fc50bbfd3e7ba16a3aef7fb5da89a0afe911161d3b' };
export const MapMember: Operation<MapMemberQuery, MapMemberQueryVariables> = { id: 'sha256:4122cee680a957cf88f6516b01dc90532d926767f775b64f8011909a76e13fe3' };
export const MapSave: Operation<MapSaveMutation, MapSaveMutationVariables> = { id: 'sha256:65dc1a87501525c18dd06400536be96e58466ef5cf73e159f47de918f1eae007' };
export const MapSubmit: Operation<MapSubmitMutation, MapSubmitMutationVariables> = { id: 'sha256:b592ef7c61899d769272b63b51829fc93038b79861ef9f8b78f158a675215a17' };
export const MapTool: Operation<MapToolQuery, MapToolQueryVariables> = { id: 'sha256:38dc68877bfcc62cd5ea0881f70132c61e42c5701711a0970b07ba858317fe6a' };
export const MapDefinition: Operation<MapDefinitionQuery, MapDefinitionQueryVariables> = { id: 'sha256:202d375f77f4f272f4231b5075e98362e02d46e8f5e1b289e3e9528a0bf5d7e4' };
