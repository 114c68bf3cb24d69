-- The pictures of each tenant. The files are in the store, shared between tenants by their hash.

CREATE TABLE media (
    tenant text NOT NULL CHECK (tenant <> ''),
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    bytes bigint NOT NULL CHECK (bytes > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, hash)
);

COMMENT ON COLUMN media.hash IS 'SHA-256 of all files of the picture, in hexadecimal';
COMMENT ON COLUMN media.bytes IS 'Of all files; counted for every tenant that has the picture';
COMMENT ON COLUMN media.width IS 'Of the widest file, in pixels';
COMMENT ON COLUMN media.created_at IS 'The last upload';

-- Finds the other tenants of a picture before its files are deleted.
CREATE INDEX media_by_hash ON media (hash);

ALTER TABLE media ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON media TO wizard_api;
GRANT UPDATE (created_at) ON media TO wizard_api;
CREATE POLICY of_tenant ON media TO wizard_api
    USING (tenant = (SELECT wizard_tenant())) WITH CHECK (tenant = (SELECT wizard_tenant()));

GRANT SELECT, DELETE ON media TO wizard_worker;
CREATE POLICY worker ON media TO wizard_worker USING (true);
