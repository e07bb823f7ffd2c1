var i=Object.create;var o=Object.defineProperty;var r=Object.getOwnPropertyDescriptor;var l=Object.getOwnPropertyNames;var u=Object.getPrototypeOf,m=Object.prototype.hasOwnProperty;var c=(n=>typeof require<"u"?require:typeof Proxy<"u"?new Proxy(n,{get:(e,t)=>(typeof require<"u"?require:e)[t]}):n)(function(n){if(typeof require<"u")return require.apply(this,arguments);throw Error('Dynamic require of "'+n+'" is not supported')});var d=(n,e,t)=>()=>{if(t)throw t[0];try{return n&&(e=n(n=0)),e}catch(a){throw t=[a],a}};var v=(n,e)=>()=>{try{return e||n((e={exports:{}}).exports,e),e.exports}catch(t){throw e=0,t}},h=(n,e)=>{for(var t in e)o(n,t,{get:e[t],enumerable:!0})},g=(n,e,t,a)=>{if(e&&typeof e=="object"||typeof e=="function")for(let s of l(e))!m.call(n,s)&&s!==t&&o(n,s,{get:()=>e[s],enumerable:!(a=r(e,s))||a.enumerable});return n};var b=(n,e,t)=>(t=n!=null?i(u(n)):{},g(e||!n||!n.__esModule?o(t,"default",{value:n,enumerable:!0}):t,n));var S,y=d(()=>{S=[{title:"Pricing and what it builds on",query:`# Pricing and what it builds on
query PricingAndWhatItBuildsOn {
  viewer {
    fullName
    pricing {
      progress {
        status
        percentage
      }
      whyLocked {
        tool {
          name
        }
        fields {
          label
        }
      }
      unlocks {
        slug
      }
      needs {
        featureListContext
        vpStatementContext
      }
      sources {
        productDevelopment {
          featureList
          sources {
            valueProposition {
              vpStatement
              sources {
                dream {
                  oneSentence
                }
              }
            }
          }
        }
      }
    }
  }
}
`,variables:""},{title:"My progress",query:`# My progress
query MyProgress {
  viewer {
    fullName
    progressSummary {
      completedTools
      totalTools
      completionPercentage
      currentTool {
        slug
        name
      }
    }
    tools {
      slug
      name
      progress {
        status
        percentage
        unlockedAt
        completedAt
      }
    }
  }
}
`,variables:""},{title:"The story of one field",query:`# The story of one field
query FieldStory {
  field(id: "strategy.vp.statement") {
    id
    value
    version
    updatedAt
    stale
    author {
      fullName
    }
    sourceTool {
      name
    }
  }
}
`,variables:""},{title:"My organization and its people",query:`# My organization and its people
query Organization {
  organization {
    name
    members(first: 10) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          fullName
          email
          progressSummary {
            completionPercentage
          }
        }
      }
    }
  }
}
`,variables:""},{title:"Save the Dream (this one writes)",query:`# Save the Dream (this one writes)
mutation SaveDream($input: DreamInput!) {
  saveDream(input: $input) {
    __typename
    ... on SubmissionSaved {
      submission {
        version
        status
      }
      ignored
    }
    ... on Locked {
      message
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
}
`,variables:`{
  "input": {
    "oneSentence": "Every bakery in town bakes only what it will sell."
  }
}
`},{title:"The catalogue of tools (no sign-in needed)",query:`# The catalogue of tools (no sign-in needed)
query Catalogue {
  tools {
    sprint
    slug
    name
    module {
      name
    }
    prerequisites {
      slug
    }
    questions {
      key
      label
      type
      required
      publishes
    }
  }
}
`,variables:""},{title:"Listen to my dream, live",query:`# Listen to my dream, live
# The stream stays open. Run "Save the Dream" in another tab, and look here again.
subscription ListenToMyDream {
  fieldChanged(ids: ["identity.dream.one_sentence"]) {
    __typename
    ... on Listening {
      cursor
    }
    ... on FieldChanged {
      at
      fields {
        label
        value
        version
        author {
          fullName
        }
      }
    }
    ... on Refusal {
      message
    }
  }
}
`,variables:""}]});export{c as a,d as b,v as c,h as d,b as e,y as f,S as g};
