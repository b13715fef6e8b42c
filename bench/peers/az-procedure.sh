#!/usr/bin/env bash
# The article's procedure (single region) by az, FreeTDS, dig and curl, as a careful engineer writes it down beforehand.
# Usage: az-procedure.sh login | prepare | upgrade | cleanup
# The environment says where everything is: az.ts sets it. Ends with status 1 and a line that says why.
set -euo pipefail

readonly API_TRAFFIC=2018-08-01
readonly LONGEST_WAIT_SECONDS=300

say() { printf '%s\n' "$*"; }
fail() { printf 'az-procedure: %s\n' "$*" >&2; exit 1; }

# sql SERVER: batches from standard input, one login; ends with the severity of the first error.
sql() { bsqldb -q -t '|' -S "$1" -U "$SQL_USER" -P "$SQL_PASSWORD" -D "$DATABASE"; }

# The only value of a query. bsqldb writes text as hexadecimal digits: good for comparing, and numbers are as they are.
sql_value() { sql "$1" <<<"$2" | tr -d '[:space:]'; }

# holds SERVER CONDITION [FROM…]
holds() { [[ $(sql_value "$1" "SELECT COUNT(*) ${3:-} WHERE $2") == 1 ]]; }

# until_true WHAT COMMAND…: asks once a second.
until_true() {
  local what=$1 deadline=$((SECONDS + LONGEST_WAIT_SECONDS))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || fail "not within $LONGEST_WAIT_SECONDS s: $what"
    sleep 1
  done
}

login() {
  local endpoints=(
    --endpoint-resource-manager "$ARM" --endpoint-management "$ARM" --endpoint-active-directory "$AUTHORITY/adfs"
    --endpoint-active-directory-resource-id https://management.core.windows.net/
    --endpoint-active-directory-graph-resource-id https://graph.microsoft.com/
  )
  az cloud register --name LocalAzure "${endpoints[@]}" --output none
  az cloud set --name LocalAzure --output none
  az login --service-principal -u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" --tenant adfs --output none
}

prepare() {
  az sql db replica create --resource-group "$PRODUCTION_GROUP" --server "$PRODUCTION_SERVER" --name "$DATABASE" \
    --partner-resource-group "$STAGE_GROUP" --partner-server "$STAGE_SERVER" --output none
  until_true 'the copy is seeded' is_seeded
  write_profile "$(traffic get --output json | jq --arg name "$STAGE_ENDPOINT" --arg target "$STAGE_SITE" '
    .properties.endpoints |= (map(select(.name != $name)) + [{
      name: $name,
      type: "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
      properties: {target: $target, endpointStatus: "Disabled", priority: 2}
    }])')"
}

is_seeded() {
  [[ $(az sql db replica list-links --resource-group "$PRODUCTION_GROUP" --server "$PRODUCTION_SERVER" \
    --name "$DATABASE" --query '[0].replicationState' --output tsv) == CATCH_UP ]]
}

upgrade() {
  local switched
  switched=$(profile_after_switch) || fail 'the profile has no stage endpoint: prepare first'
  is_caught_up || fail 'the copy is not caught up: prepare first'

  # Nothing but the switch may leave production read-only: whatever fails before it gives it back.
  trap unfreeze EXIT
  freeze
  until_true 'every transaction is on the copy' is_drained
  remove_link
  until_true 'the link is gone on both sides' is_link_gone
  make_stage_writable
  sql "$STAGE_SQL" <"$SCRIPT"
  stage_serves || fail "the stage site does not answer as version $VERSION"

  trap - EXIT
  write_profile "$switched"
  until_true 'the public name leads to the new version' public_name_serves
  say "users are on version $VERSION"
}

# The profile as it is, with the stage endpoint online and first, and production's offline.
profile_after_switch() {
  traffic get --output json | jq --exit-status --arg stage "$STAGE_ENDPOINT" --arg production "$PRODUCTION_ENDPOINT" '
    select(any(.properties.endpoints[]; .name == $stage))
    | .properties.endpoints |= map(
        if .name == $stage then .properties.endpointStatus = "Enabled" | .properties.priority = 1
        elif .name == $production then .properties.endpointStatus = "Disabled" | .properties.priority = 2
        else . end)'
}

# By az rest: `az network` of Debian 12's azure-cli (2.45) lacks a module that it imports and fails on --help too.
traffic() {
  local method=$1
  shift
  az rest --method "$method" --url "$ARM$PROFILE_ID?api-version=$API_TRAFFIC" \
    --resource https://management.core.windows.net/ "$@"
}

# All of it in one write.
write_profile() { traffic put --body "$1" --output none; }

freeze() {
  sql "$PRODUCTION_SQL" <<<"ALTER DATABASE [$DATABASE] SET READ_ONLY WITH ROLLBACK AFTER 2 SECONDS"
  holds "$PRODUCTION_SQL" "DATABASEPROPERTYEX(DB_NAME(), N'Updateability') = N'READ_ONLY'" ||
    fail 'production was not set read-only'
}

unfreeze() {
  sql "$PRODUCTION_SQL" <<<"ALTER DATABASE [$DATABASE] SET READ_WRITE WITH ROLLBACK IMMEDIATE" || true
  holds "$PRODUCTION_SQL" "DATABASEPROPERTYEX(DB_NAME(), N'Updateability') = N'READ_WRITE'" ||
    fail 'PRODUCTION IS STILL READ-ONLY'
  say 'production takes writes again'
}

# CATCH_UP, and a lag that is known and is none, on the primary's own word.
is_caught_up() {
  holds "$PRODUCTION_SQL" "partner_server = N'$STAGE_SERVER' AND replication_state = 2 AND replication_lag_sec = 0" \
    'FROM sys.dm_geo_replication_link_status'
}

# And the copy has hardened the last commit that production made.
is_drained() {
  local last='SELECT CONVERT(varchar(40), MAX(last_commit), 126) FROM sys.dm_geo_replication_link_status'
  is_caught_up && [[ $(sql_value "$PRODUCTION_SQL" "$last") == "$(sql_value "$STAGE_SQL" "$last")" ]]
}

remove_link() {
  az sql db replica delete-link --resource-group "$PRODUCTION_GROUP" --server "$PRODUCTION_SERVER" --name "$DATABASE" \
    --partner-resource-group "$STAGE_GROUP" --partner-server "$STAGE_SERVER" --yes --output none
}

is_link_gone() {
  local links='SELECT COUNT(*) FROM sys.dm_geo_replication_link_status'
  [[ $(sql_value "$PRODUCTION_SQL" "$links") == 0 && $(sql_value "$STAGE_SQL" "$links") == 0 ]]
}

make_stage_writable() {
  sql "$STAGE_SQL" <<<"ALTER DATABASE [$DATABASE] SET READ_WRITE WITH ROLLBACK IMMEDIATE"
  holds "$STAGE_SQL" "@@SERVERNAME = N'$STAGE_SERVER' AND DATABASEPROPERTYEX(DB_NAME(), N'Updateability') = N'READ_WRITE'" ||
    fail 'the copy is not writable'
}

# serves HOST PLACE: the version is right and can write.
serves() {
  curl --silent --fail --max-time 10 --cacert "$REQUESTS_CA_BUNDLE" --connect-to "$1:443:$2" "https://$1/health" |
    jq --exit-status --arg version "$VERSION" '.version == $version and .writable' >/dev/null
}

stage_serves() { serves "$STAGE_SITE" "$STAGE_SITE_AT"; }

public_name_serves() {
  [[ $(dig "@${DNS%:*}" -p "${DNS#*:}" "$PUBLIC_NAME" +short) == *"$STAGE_SITE"* ]] &&
    serves "$PUBLIC_NAME" "$STAGE_SITE_AT"
}

cleanup() {
  az sql db delete --resource-group "$PRODUCTION_GROUP" --server "$PRODUCTION_SERVER" --name "$DATABASE" \
    --yes --output none
}

case ${1:-} in
  login | prepare | upgrade | cleanup) "$1" ;;
  *) fail 'login, prepare, upgrade or cleanup' ;;
esac
