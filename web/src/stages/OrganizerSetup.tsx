import { Suspense } from "react";

import type { Socials } from "../api/generated";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { lazyPart } from "../app/loading";
import { More } from "../fields/More";
import { LongTextField, TextField } from "../fields/TextField";
import { usePerson } from "../identity/IdentityContext";
import { PartFailed } from "../parts/Failed";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { useStageOrganizerSetup } from "./useStageOrganizerSetup";

const LogoField = lazyPart(() => import("../fields/LogoField"));

export function OrganizerSetup() {
  const { organizer } = useTexts();
  const { form, text, social } = useStageOrganizerSetup();
  const { email } = usePerson();
  const networks = Object.entries(organizer.socials) as [keyof Socials, string][];
  return (
    <StageFrame
      stage="organizerSetup"
      form={form}
      question={organizer.question}
      lead={organizer.lead}
    >
      <TextField
        {...text("name")}
        label={organizer.name}
        hint={organizer.nameHint}
        autoComplete="name"
      />
      <TextField
        {...text("organization")}
        label={organizer.organization}
        hint={organizer.organizationHint}
        optional
        autoComplete="organization"
      />
      <div className="row">
        <TextField
          {...text("email")}
          label={organizer.email}
          hint={email === null ? undefined : organizer.emailHint(email)}
          optional
          type="email"
          autoComplete="email"
        />
        <TextField
          {...text("phone")}
          label={organizer.phone}
          hint={organizer.phoneHint}
          optional
          type="tel"
          autoComplete="tel"
        />
      </div>
      <TextField {...text("website")} label={organizer.website} optional type="url" />
      <LongTextField {...text("bio")} label={organizer.bio} hint={organizer.bioHint} optional />
      <More label={organizer.more}>
        <ErrorBoundary fallback={() => <PartFailed />}>
          <Suspense>
            <LogoField
              label={organizer.logo}
              field={(name) => form.field(`/logo${name}`)}
              value={form.data.logo}
              onChange={(logo) => form.change({ logo })}
            />
          </Suspense>
        </ErrorBoundary>
        <p className="hint">{organizer.socialHint}</p>
        <div className="row">
          {networks.map(([name, label]) => (
            <TextField key={name} {...social(name)} label={label} optional verbatim />
          ))}
        </div>
      </More>
    </StageFrame>
  );
}
