#include "app/enrollctl/commands.h"
#include "app/enrollctl/keys_audit_document.h"
#include "core/attestation/public_area.h"
#include "core/base/cancellation.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/exports/key_file.h"
#include "db/journal/journal_options.h"
#include "db/journal/verify_journal.h"
#include "db/review/record_query.h"

namespace enroll::app::enrollctl {
namespace {

constexpr std::size_t kProgressEvery = 10'000; ///< keys read between two lines

struct KeysAuditOptions {
    bool journal = false;
    std::optional<std::filesystem::path> file;
};

/// What both sources of keys fill.
class Collection {
public:
    explicit Collection(Context& context) : m_context(context) {}

    Result<void> take(const enrollment::AuditedDevice& device, const crypto::PublicKey& key)
    {
        m_audit.add(device, key);
        if (m_audit.entries() % kProgressEvery == 0) {
            m_context.output.progress("  " + std::to_string(m_audit.entries()) + " keys read");
        }
        return requireNotCancelled(m_context.stop);
    }

    /// \p line is 0 in a journal.
    Result<void> skip(std::size_t line, const Error& fault)
    {
        if (++m_skipped.count <= SkippedKeys::kMostReasons) {
            m_skipped.reasons.push_back({line, fault.what});
            const auto place = line == 0 ? std::string{} : "line " + std::to_string(line) + ": ";
            m_context.output.notice(prefixed(place, fault));
        }
        return requireNotCancelled(m_context.stop);
    }

    Result<void> skip(const db::documents::RecordNotUnderstood& record)
    {
        ++m_skipped.notUnderstood[record.schema];
        return skip(0, makeError(StationCode::JournalNewer,
                                 "record " + record.registrationId.text() + " is not understood: " + record.what));
    }

    Result<KeysAudit> judge(std::string source)
    {
        const auto progress = [this](enrollment::AuditStage stage, std::size_t done, std::size_t total) {
            const bool shared = stage == enrollment::AuditStage::SharedFactors;
            m_context.output.progress("  " + std::to_string(done) + " of " + std::to_string(total) +
                                      (shared ? " steps for shared factors" : " keys looked at"));
        };
        TRY_ASSIGN(auto report, m_audit.judge(progress, m_context.stop));
        return KeysAudit{std::move(source), std::move(report), std::move(m_skipped)};
    }

private:
    Context& m_context;
    enrollment::KeyAudit m_audit;
    SkippedKeys m_skipped;
};

Result<KeysAudit> auditFile(const std::filesystem::path& file, Context& context)
{
    Collection keys{context};
    const auto visit = [&keys](const db::exports::KeyOfFile& found) {
        return keys.take({found.registrationId, found.serialNumber}, found.key);
    };
    const auto skip = [&](std::size_t line, const Error& fault) { return keys.skip(line, fault); };
    auto read = db::exports::forEachKeyOfFile(file, visit, skip);
    if (!read.ok() && read.error().code == StationCode::DocumentMalformed) {
        return prefixed(file.string() + ": ", std::move(read).error());
    }
    TRY(read);
    return keys.judge(file.string());
}

/// Error S-303 if the journal was altered: keys of records that somebody removed would be missed.
Result<void> requireIntact(const std::filesystem::path& dataDirectory, const Context& context)
{
    TRY_ASSIGN(const auto report, db::journal::verifyJournal(dataDirectory, {}, context.stop));
    if (report.firstBad) {
        return db::journal::journalAltered(db::journal::journalFile(dataDirectory), *report.firstBad);
    }
    return {};
}

Result<crypto::PublicKey> keyOf(const enrollment::EnrollmentRecord& record)
{
    TRY_ASSIGN(const auto area, attestation::parsePublic(record.endorsementKey));
    return attestation::statedKeyOf(area);
}

Result<KeysAudit> auditJournal(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireIntact(station.dataDirectory, context));
    TRY_ASSIGN(const auto query, db::review::RecordQuery::open(station.dataDirectory));
    Collection keys{context};
    TRY_ASSIGN(
        const auto notUnderstood,
        query->forEach(
            {}, [&keys](const enrollment::EnrollmentRecord& record, const enrollment::RecordSummary&) -> Result<void> {
                const auto key = keyOf(record);
                if (!key.ok()) {
                    return keys.skip(0, prefixed("record " + record.registrationId.text() + ": ", key.error()));
                }
                return keys.take({record.registrationId, record.serialNumber}, *key);
            }));
    for (const auto& record : notUnderstood) {
        TRY(keys.skip(record));
    }
    return keys.judge(db::journal::journalFile(station.dataDirectory).string());
}

Result<ExitCode> auditKeys(const KeysAuditOptions& options, Context& context)
{
    if (options.journal && options.file) {
        return makeError(StationCode::UsageInvalid, "--journal and --file name two sources; name one");
    }
    TRY_ASSIGN(const auto audit, options.file ? auditFile(*options.file, context) : auditJournal(context));
    context.output.result(keysAuditDocument(audit), keysAuditText(audit));
    if (audit.report.weakKeys > 0) {
        return ExitCode::Fail;
    }
    return audit.skipped.count > 0 ? ExitCode::Refused : ExitCode::Done;
}

} // namespace

void addKeysCommands(const Command& program)
{
    const auto keys = program.group("keys", "Endorsement keys of the whole plant");
    const auto command = keys.subcommand("audit", "Look for keys that are weak, or that other keys give away");
    auto options = std::make_shared<KeysAuditOptions>();
    command.option("--journal", options->journal, "The keys of the journal's records: the default");
    command.option(
        "--file", options->file,
        "The keys of an export (jsonl or dps-bulk, not csv) or of a list of TPM2B_PUBLIC in base64, one a line");
    command.does([options](Context& context) { return auditKeys(*options, context); });
}

} // namespace enroll::app::enrollctl
