// Drawn for this page: 24 units, a stroke of 1.75, in the colour of the text.

import type { ReactNode } from "react";

function Icon({ children, size = 24 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

interface Props {
  size?: number;
}

/** A board that shows a score. */
export const TipsIcon = ({ size }: Props) => (
  <Icon size={size}>
    <rect x="3" y="5" width="18" height="14" rx="4" />
    <path d="M7.500 9.500v5M16.500 9.500v5M12 10.300h.01M12 13.900h.01" />
  </Icon>
);

export const TableIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M4 20v-8h5v8M9.500 20V4h5v16M15 20v-6h5v6z" />
  </Icon>
);

export const LiveIcon = ({ size }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="2.5" />
    <path d="M7.5 16.500a6.4 6.4 0 010-9M16.5 7.500a6.4 6.4 0 010 9M4.7 19.300a10.3 10.3 0 010-14.600M19.3 4.700a10.3 10.3 0 010 14.6" />
  </Icon>
);

export const ShieldIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M12 3.500l7.5 2.500v5.500c0 4.500-3 7.500-7.5 9-4.500-1.500-7.500-4.500-7.500-9V6zM8.500 12l2.500 2.500 4.500-4.500" />
  </Icon>
);

export const OrganiseIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 3.500v17M6 4.500h11l-2 4 2 4H6" />
  </Icon>
);

export const MoreIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M5 7h14M5 12h14M5 17h14" />
  </Icon>
);

export const PencilIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M15.500 4.500l4 4L8.500 19.500l-5 1 1-5zM13 7l4 4" />
  </Icon>
);

export const TickIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M5 12.500l4.5 4.500L19 7.5" />
  </Icon>
);

export const CrossIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);

/** An eye: what everybody sees. */
export const EyeIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M3 12c2.200-4 5.200-6 9-6s6.800 2 9 6c-2.200 4-5.200 6-9 6s-6.800-2-9-6z" />
    <circle cx="12" cy="12" r="2.5" />
  </Icon>
);

/** A lock: what is hidden. */
export const FoldIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 10.500h12v9H6zM8.5 10.500V8a3.5 3.5 0 017 0v2.5" />
  </Icon>
);

export const MinusIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 12h12" />
  </Icon>
);

export const PlusIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 12h12M12 6v12" />
  </Icon>
);

export const ChevronIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M9 6l6 6-6 6" />
  </Icon>
);

export const ReceiptIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M6 3.500h12v17l-3-2-3 2-3-2-3 2zM9.500 8.500h5M9.500 12.500h5" />
  </Icon>
);

export const AgainIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M5 12a7 7 0 107-7H7M10 2L7 5l3 3" />
  </Icon>
);

export const ShareIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M12 15V3.500M7.500 8L12 3.500 16.500 8M5 12v8h14v-8" />
  </Icon>
);

export const SearchIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M16 16l4 4" />
    <circle cx="11" cy="11" r="6.5" />
  </Icon>
);

export const ListIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01" />
  </Icon>
);

export const WifiIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M3 9.500a13 13 0 0118 0M6.200 13a8.500 8.500 0 0111.600 0M9.300 16.400a4 4 0 015.400 0M12 19.500h.01" />
  </Icon>
);

export const GlobeIcon = ({ size }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17" />
  </Icon>
);

export const ComputerIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M4.500 5h15v10.500h-15zM2.500 19h19" />
  </Icon>
);

export const BackIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M15 6l-6 6 6 6" />
  </Icon>
);

export const CrownIcon = ({ size }: Props) => (
  <Icon size={size}>
    <path d="M4 18h16l1-10-5 4-4-7-4 7-5-4z" fill="currentColor" stroke="none" />
  </Icon>
);

export const ClockIcon = ({ size }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.500V12l3 2" />
  </Icon>
);
