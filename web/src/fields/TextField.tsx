import {
  type HTMLInputAutoCompleteAttribute,
  type KeyboardEvent,
  type ReactNode,
  useState,
} from "react";

import { Field } from "./Field";
import { controlAttributes, type FieldState } from "./field";

interface TextProps {
  field: FieldState;
  label: string;
  value: string | null | undefined;
  onChange: (value: string) => void;
  hint?: ReactNode;
  optional?: boolean;
  /** The most characters; the count is shown from half of it on. More can be typed, and is an error. */
  limit?: number;
  placeholder?: string;
}

interface TextFieldProps extends TextProps {
  type?: "text" | "email" | "tel" | "url";
  autoComplete?: HTMLInputAutoCompleteAttribute;
  /** Such as a handle: the keyboard of a phone begins with no capital letter, and corrects nothing. */
  verbatim?: boolean;
}

export function TextField(allProps: TextFieldProps) {
  const { type = "text", autoComplete = "off", verbatim = type !== "text", ...props } = allProps;
  const { field, value, onChange, placeholder } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const isAddress = type === "url";
  const { onBlur, ...attributes } = controlAttributes(field, Boolean(props.hint));
  return (
    <Field {...labelled(props)}>
      <input
        {...attributes}
        className={field.fresh ? "input fresh" : "input"}
        // An address may be typed without https://, so the browser does not judge it.
        type={isAddress ? "text" : type}
        inputMode={type}
        autoComplete={autoComplete}
        {...(verbatim && { autoCapitalize: "none", spellCheck: false })}
        placeholder={placeholder}
        value={typed ?? value ?? ""}
        onChange={(event) => {
          const text = event.target.value;
          if (isAddress) setTyped(text);
          onChange(isAddress ? withScheme(text) : text);
        }}
        onBlur={() => {
          setTyped(null);
          onBlur();
        }}
      />
    </Field>
  );
}

/** "halm.example" is https://halm.example; what has a scheme, or is a path, is kept as it is. */
export function withScheme(text: string): string {
  const address = text.trim();
  if (address === "" || address.startsWith("/")) return address;
  return /^[a-z][a-z\d+.-]*:/i.test(address) && !/^[^:/]+:\d/.test(address)
    ? address
    : `https://${address}`;
}

/** Text of several lines; the field grows with it. */
export function LongTextField({ rows = 3, ...props }: TextProps & { rows?: number }) {
  const { field, value, onChange, placeholder } = props;
  return (
    <Field {...labelled(props)}>
      <textarea
        {...controlAttributes(field, Boolean(props.hint))}
        className={field.fresh ? "textarea fresh" : "textarea"}
        rows={rows}
        placeholder={placeholder}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** The event's title in the display face. It grows with the text, and takes no line break. */
export function TitleField(props: TextProps) {
  const { field, value, onChange, placeholder } = props;
  const stayOnOneLine = (event: KeyboardEvent) => {
    if (event.key === "Enter") event.preventDefault();
  };
  return (
    <Field {...labelled(props)}>
      <textarea
        {...controlAttributes(field, Boolean(props.hint))}
        className={field.fresh ? "input title fresh" : "input title"}
        rows={1}
        placeholder={placeholder}
        value={value ?? ""}
        onKeyDown={stayOnOneLine}
        onChange={(event) => onChange(event.target.value.replace(/\s*\n\s*/g, " "))}
      />
    </Field>
  );
}

function labelled({ field, label, value, hint, optional, limit }: TextProps) {
  return {
    field,
    label,
    hint,
    ...(optional !== undefined && { optional }),
    ...(limit !== undefined && { count: [[...(value ?? "")].length, limit] as const }),
  };
}
