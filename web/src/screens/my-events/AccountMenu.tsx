import { useId } from "react";

import { useIdentity, usePerson } from "../../identity/IdentityContext";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";

/** Who is signed in, other organizations, and the way out. */
export function AccountMenu() {
  const { myEvents } = useTexts();
  const identity = useIdentity();
  const person = usePerson();
  const menu = useId();
  const others = person.organizations.filter(({ id }) => id !== person.organization?.id);
  const full = person.organization ? `${person.name}, ${person.organization.name}` : person.name;
  return (
    <>
      <button
        type="button"
        className="tool"
        popoverTarget={menu}
        style={{ anchorName: `--${menu}` } as React.CSSProperties}
      >
        <span className="long">{full}</span>
        <span className="short">{person.name.split(" ")[0]}</span>
        <Icon name="chevron" small />
      </button>
      <ul
        id={menu}
        popover="auto"
        className="menu"
        aria-label={myEvents.account}
        style={{ positionAnchor: `--${menu}` } as React.CSSProperties}
      >
        {others.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => identity.signIn("/", { person: person.userId, organization: id })}
            >
              {myEvents.switchTo(name)}
            </button>
          </li>
        ))}
        <li>
          <button type="button" onClick={() => identity.signOut()}>
            {myEvents.signOut}
          </button>
        </li>
      </ul>
    </>
  );
}
