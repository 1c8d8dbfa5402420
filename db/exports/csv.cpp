#include "db/exports/csv.h"

#include "core/base/text.h"
#include "core/crypto/base64.h"

#include <array>

namespace enroll::db::exports {

using namespace enrollment;

namespace {

constexpr std::string_view kVersion = "1";

std::string endorsementKey(const AttestationRun& run)
{
    return run.endorsementKey ? crypto::toBase64(run.endorsementKey->publicArea) : std::string{};
}

std::string endorsementKeySha256(const AttestationRun& run)
{
    return run.endorsementKey ? toHex(run.endorsementKey->sha256) : std::string{};
}

std::string code(const AttestationRun& run)
{
    return run.code ? std::string{codeText(*run.code)} : std::string{};
}

std::string recordState(const AttestationRun& run)
{
    return run.record ? std::string{recordStateText(run.record->state)} : std::string{};
}

std::string ofTpm(const AttestationRun& run, std::string attestation::TpmIdentity::*member)
{
    return run.tpm ? (*run.tpm).*member : std::string{};
}

struct Column {
    std::string_view name;
    std::string (*cell)(const AttestationRun&);
};

using Run = const AttestationRun&;
using attestation::TpmIdentity;

constexpr std::array kColumns{
    Column{"formVersion", [](Run) { return std::string{kVersion}; }},
    Column{"runId", [](Run run) { return run.runId.text(); }},
    Column{"startedAt", [](Run run) { return toIso8601(run.startedAt); }},
    Column{"stationId", [](Run run) { return run.stationId.text(); }},
    Column{"slot", [](Run run) { return std::to_string(run.slot.value); }},
    Column{"operator", [](Run run) { return run.operatorId.text(); }},
    Column{"batch", [](Run run) { return run.batch.text(); }},
    Column{"serialNumber", [](Run run) { return run.serialNumber.text(); }},
    Column{"outcome", [](Run run) { return std::string{outcomeText(run.outcome)}; }},
    Column{"code", code},
    Column{"headline", [](Run run) { return run.headline; }},
    Column{"durationMs", [](Run run) { return std::to_string(run.duration.count()); }},
    Column{"registrationId", [](Run run) { return run.registrationId.value_or(RegistrationId{}).text(); }},
    Column{"endorsementKey", endorsementKey},
    Column{"endorsementKeySha256", endorsementKeySha256},
    Column{"tpmManufacturer", [](Run run) { return ofTpm(run, &TpmIdentity::manufacturer); }},
    Column{"tpmVendorString", [](Run run) { return ofTpm(run, &TpmIdentity::vendorString); }},
    Column{"tpmFirmware", [](Run run) { return ofTpm(run, &TpmIdentity::firmware); }},
    Column{"profileName", [](Run run) { return run.profile.name; }},
    Column{"profileVersion", [](Run run) { return run.profile.version; }},
    Column{"recordState", recordState},
};

/// Spreadsheets run a cell that begins with one of these as a formula, which could call other programs.
bool looksLikeFormula(std::string_view text) noexcept
{
    constexpr std::string_view kFormulaStarts = "=+-@\t\r";
    return !text.empty() && kFormulaStarts.find(text.front()) != std::string_view::npos;
}

} // namespace

QByteArray csvCell(std::string_view text)
{
    QByteArray cell{text.data(), static_cast<qsizetype>(text.size())};
    if (looksLikeFormula(text)) {
        cell.prepend('\'');
    }
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return cell;
    }
    cell.replace('"', "\"\"");
    return cell.prepend('"').append('"');
}

QByteArray csvRow(std::span<const std::string> cells)
{
    QByteArray row;
    for (const auto& cell : cells) {
        if (&cell != cells.data()) {
            row.append(',');
        }
        row.append(csvCell(cell));
    }
    return row.append("\r\n");
}

QByteArray csvHeader()
{
    std::vector<std::string> names;
    for (const auto& column : kColumns) {
        names.emplace_back(column.name);
    }
    return csvRow(names);
}

QByteArray csvLine(const AttestationRun& run)
{
    std::vector<std::string> cells;
    for (const auto& column : kColumns) {
        cells.push_back(printableText(column.cell(run)));
    }
    return csvRow(cells);
}

} // namespace enroll::db::exports
