// Made by 'npm run generate'. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Answers to Pricing Strategy. Absent ones stay as they are; null clears. */
export type PricingInput = {
  /** Price tiers. The tiers on offer; each usually has a name, a price, what is included and whom it suits. Required to submit. Field `execution.pricing.tiers`. */
  pricingTiers?: unknown;
  /** Anchor price. The reference price that makes the tiers easy to judge, and where it comes from. Field `execution.pricing.anchor`. */
  anchorPrice?: unknown;
};

/** Answers to Product Development. Absent ones stay as they are; null clears. */
export type ProductDevelopmentInput = {
  /** Feature list. Features under consideration; each usually has the pain it solves, its value and the effort. Required to submit. Field `execution.product.feature_list`. */
  featureList?: unknown;
  /** Product portfolio. Products and services to keep, build, change or drop, with the role each plays in the offer. Required to submit. Field `execution.product.portfolio`. */
  portfolio?: unknown;
};

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

export type SignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type SignInMutation = { login:
    | { __typename: 'SignedIn', accessToken: string }
    | { __typename: 'SignInRefused', message: string }
    | { __typename: 'RateLimited', message: string, retryAfter: number }
   };

export type ReadProductDevelopmentQueryVariables = Exact<{ [key: string]: never; }>;


export type ReadProductDevelopmentQuery = { viewer: { fullName: string, productDevelopment: { name: string, featureList: unknown, portfolio: unknown, progress: { status: ProgressStatus }, submission: { version: number } | null, dependencies: Array<{ label: string, value: unknown, available: boolean, stale: boolean, sourceTool: { name: string } }> } } | null };

export type SaveProductDevelopmentMutationVariables = Exact<{
  answers: ProductDevelopmentInput;
  version: number;
}>;


export type SaveProductDevelopmentMutation = { saveProductDevelopment:
    | { __typename: 'SubmissionSaved', submission: { version: number, status: SubmissionStatus } }
    | { __typename: 'Locked', message: string, missing: Array<{ tool: { name: string } }> }
    | { __typename: 'StaleVersion', currentVersion: number, message: string }
    | { __typename: 'InvalidAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'MissingAnswers', message: string }
    | { __typename: 'InvalidTransition', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type SavePricingMutationVariables = Exact<{
  answers: PricingInput;
  version: number;
}>;


export type SavePricingMutation = { savePricing:
    | { __typename: 'SubmissionSaved', submission: { version: number, status: SubmissionStatus } }
    | { __typename: 'Locked', message: string, missing: Array<{ tool: { name: string } }> }
    | { __typename: 'StaleVersion', currentVersion: number, message: string }
    | { __typename: 'InvalidAnswers', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'MissingAnswers', message: string }
    | { __typename: 'InvalidTransition', message: string }
    | { __typename: 'NotAllowed', message: string }
    | { __typename: 'NotFound', message: string }
   };

type Saved_SubmissionSaved_Fragment = { __typename: 'SubmissionSaved', submission: { version: number, status: SubmissionStatus } };

type Saved_Locked_Fragment = { __typename: 'Locked', message: string, missing: Array<{ tool: { name: string } }> };

type Saved_StaleVersion_Fragment = { __typename: 'StaleVersion', currentVersion: number, message: string };

type Saved_InvalidAnswers_Fragment = { __typename: 'InvalidAnswers', message: string, problems: Array<{ path: string, message: string }> };

type Saved_MissingAnswers_Fragment = { __typename: 'MissingAnswers', message: string };

type Saved_InvalidTransition_Fragment = { __typename: 'InvalidTransition', message: string };

type Saved_NotAllowed_Fragment = { __typename: 'NotAllowed', message: string };

type Saved_NotFound_Fragment = { __typename: 'NotFound', message: string };

export type SavedFragment =
  | Saved_SubmissionSaved_Fragment
  | Saved_Locked_Fragment
  | Saved_StaleVersion_Fragment
  | Saved_InvalidAnswers_Fragment
  | Saved_MissingAnswers_Fragment
  | Saved_InvalidTransition_Fragment
  | Saved_NotAllowed_Fragment
  | Saved_NotFound_Fragment
;

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SavedFragmentDoc = new TypedDocumentString(`
    fragment Saved on SaveResult {
  __typename
  ... on SubmissionSaved {
    submission {
      version
      status
    }
  }
  ... on StaleVersion {
    currentVersion
  }
  ... on Locked {
    missing {
      tool {
        name
      }
    }
  }
  ... on InvalidAnswers {
    problems {
      path
      message
    }
  }
  ... on Refusal {
    message
  }
}
    `, {"fragmentName":"Saved"}) as unknown as TypedDocumentString<SavedFragment, unknown>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($email: String!, $password: String!) {
  login(email: $email, password: $password) {
    __typename
    ... on SignedIn {
      accessToken
    }
    ... on SignInRefused {
      message
    }
    ... on RateLimited {
      message
      retryAfter
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const ReadProductDevelopmentDocument = new TypedDocumentString(`
    query ReadProductDevelopment {
  viewer {
    fullName
    productDevelopment {
      name
      progress {
        status
      }
      submission {
        version
      }
      featureList
      portfolio
      dependencies {
        label
        value
        available
        stale
        sourceTool {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadProductDevelopmentQuery, ReadProductDevelopmentQueryVariables>;
export const SaveProductDevelopmentDocument = new TypedDocumentString(`
    mutation SaveProductDevelopment($answers: ProductDevelopmentInput!, $version: Int!) {
  saveProductDevelopment(input: $answers, expectedVersion: $version) {
    ...Saved
  }
}
    fragment Saved on SaveResult {
  __typename
  ... on SubmissionSaved {
    submission {
      version
      status
    }
  }
  ... on StaleVersion {
    currentVersion
  }
  ... on Locked {
    missing {
      tool {
        name
      }
    }
  }
  ... on InvalidAnswers {
    problems {
      path
      message
    }
  }
  ... on Refusal {
    message
  }
}`) as unknown as TypedDocumentString<SaveProductDevelopmentMutation, SaveProductDevelopmentMutationVariables>;
export const SavePricingDocument = new TypedDocumentString(`
    mutation SavePricing($answers: PricingInput!, $version: Int!) {
  savePricing(input: $answers, expectedVersion: $version) {
    ...Saved
  }
}
    fragment Saved on SaveResult {
  __typename
  ... on SubmissionSaved {
    submission {
      version
      status
    }
  }
  ... on StaleVersion {
    currentVersion
  }
  ... on Locked {
    missing {
      tool {
        name
      }
    }
  }
  ... on InvalidAnswers {
    problems {
      path
      message
    }
  }
  ... on Refusal {
    message
  }
}`) as unknown as TypedDocumentString<SavePricingMutation, SavePricingMutationVariables>;