import { Suspense, useEffect, useState } from "react";

import { ErrorBoundary } from "../../app/ErrorBoundary";
import { lazyPart } from "../../app/loading";
import { personKey, useIdentity, usePerson } from "../../identity/IdentityContext";
import { PartFailed } from "../../parts/Failed";
import { Menu } from "../../parts/Menu";
import type { Unsent } from "../../session/unsent";
import { useTexts } from "../../texts";

// The first screen does not wait for what only a sign-out needs.
const loadQuestion = () => import("./SignOutQuestion");
const loadUnsent = () => import("../../session/unsent");
const loadForget = () => import("../../session/forget");

const SignOutQuestion = lazyPart(loadQuestion);

/** Who is signed in, other organizations, and the way out. */
export function AccountMenu() {
  const { myEvents } = useTexts();
  const identity = useIdentity();
  const person = usePerson();
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);
  const others = person.organizations.filter(({ id }) => id !== person.organization?.id);
  const full = person.organization ? `${person.name}, ${person.organization.name}` : person.name;

  // It is loaded by then, even if the API is away when the person signs out.
  useEffect(() => {
    void Promise.allSettled([loadQuestion(), loadUnsent(), loadForget()]);
  }, []);

  async function ask() {
    // A browser that keeps nothing has nothing to lose.
    const found = await unsentTexts(personKey(person)).catch(() => []);
    if (found.length > 0) setUnsent(found);
    else await leave();
  }

  async function leave() {
    await forget(personKey(person)).catch(() => undefined);
    await identity.signOut();
  }

  async function switchTo(organization: string) {
    const hint = { person: person.email ?? person.userId, organization };
    await identity.signIn("/", hint).catch(() => undefined);
  }

  return (
    <>
      <Menu
        label={myEvents.account}
        button={
          <>
            <span className="long">{full}</span>
            <span className="short">{person.name.split(" ")[0]}</span>
          </>
        }
      >
        {others.map(({ id, name }) => (
          <button key={id} type="button" onClick={() => switchTo(id)}>
            {myEvents.switchTo(name)}
          </button>
        ))}
        <button type="button" onClick={ask}>
          {myEvents.signOut}
        </button>
      </Menu>
      {unsent.length > 0 && (
        <ErrorBoundary fallback={() => <PartFailed />}>
          <Suspense>
            <SignOutQuestion unsent={unsent} onSignOut={leave} onStay={() => setUnsent([])} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

async function unsentTexts(person: string): Promise<readonly Unsent[]> {
  const { unsentOf } = await loadUnsent();
  return unsentOf(person);
}

async function forget(person: string): Promise<void> {
  const { forgetPerson } = await loadForget();
  await forgetPerson(person);
}
