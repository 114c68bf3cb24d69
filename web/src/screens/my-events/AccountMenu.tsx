import { useState } from "react";

import { personKey, useIdentity, usePerson } from "../../identity/IdentityContext";
import { Menu } from "../../parts/Menu";
import { forgetPerson } from "../../session/forget";
import { type Unsent, unsentOf } from "../../session/outboxStorage";
import { useTexts } from "../../texts";
import { SignOutQuestion } from "./SignOutQuestion";

/** Who is signed in, other organizations, and the way out. */
export function AccountMenu() {
  const { myEvents } = useTexts();
  const identity = useIdentity();
  const person = usePerson();
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);
  const others = person.organizations.filter(({ id }) => id !== person.organization?.id);
  const full = person.organization ? `${person.name}, ${person.organization.name}` : person.name;

  async function ask() {
    // A browser that keeps nothing has nothing to lose.
    const found = await unsentOf(personKey(person)).catch(() => []);
    if (found.length > 0) setUnsent(found);
    else await leave();
  }

  async function leave() {
    await forgetPerson(personKey(person)).catch(() => undefined);
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
      <SignOutQuestion unsent={unsent} onSignOut={leave} onStay={() => setUnsent([])} />
    </>
  );
}
