#include "app/enrollctl/commands.h"
#include "app/enrollctl/kept_act.h"
#include "app/enrollctl/trust_text.h"
#include "app/wiring/station_files.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/crypto/pem_file.h"
#include "db/journal/open_journal.h"
#include "db/trust/locked_plan.h"
#include "db/trust/steady_reading.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace enroll::app::enrollctl {
namespace {

namespace fs = std::filesystem;
using db::trust::StoredAuthority;

struct ImportOptions {
    fs::path source;
    std::string set{crypto::kMakersSet};
    bool anchor = false;
    bool dryRun = false;
};

struct ListOptions {
    fs::path source;
    std::string set{crypto::kMakersSet};
};

/// Which authority or certificate is meant, and in which set; in every set without one.
struct NamedIn {
    std::string name;
    std::optional<std::string> set;
};

/// A new station has no data directory yet and trusts nobody; a directory that the command line names must be there.
Result<void> requireNamedDirectory(const std::optional<fs::path>& directory)
{
    std::error_code fault; // what stands in the way is said by whoever reads the directory
    if (!directory || fs::exists(*directory, fault) || fault) {
        return {};
    }
    return makeError(StationCode::NothingFound,
                     "--data " + directory->string() +
                         ": there is no such directory; \"enrollctl trust import\" makes it");
}

ListedSet listedSet(const std::string& name, const db::trust::KnownTrust& known, UtcTime now)
{
    const auto authorities = known.authoritiesIn(std::span{&name, 1});
    const auto store = db::trust::storeOf(known, std::span{&name, 1});
    ListedSet set{name, {}, {}, db::trust::newestImport(authorities)};
    for (const auto& stored : authorities) {
        set.authorities.push_back({stored, db::trust::remarksOn(stored, store, now)});
    }
    for (const auto& one : known.lists) {
        if (one.set == name) {
            set.lists.push_back({one.list, db::trust::whyUnsigned(one.list, known.authorities),
                                 db::trust::leadsNowhere(one.list, known)});
        }
    }
    return set;
}

std::vector<NotRead> notReadOf(const db::trust::KnownTrust& known, const fs::path& directory)
{
    std::vector<NotRead> notRead;
    for (const auto& fault : known.leftOut) {
        notRead.push_back({fault.subject, fault.what});
    }
    for (const auto& entry : db::trust::unreadEntriesOf(directory)) {
        notRead.push_back(
            {entry.string(), "nothing of this name is read: certificates and lists lie directly in a set"});
    }
    return notRead;
}

Result<ExitCode> listTrust(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNamedDirectory(context.options.data));
    const auto directory = wiring::trustDirectory(station);
    const auto now = utcNow();
    TRY_ASSIGN(const auto held,
               db::trust::lockForReading(directory, Deadline::in(db::trust::kTrustPatience), context.stop));
    TRY_ASSIGN(const auto names, db::trust::trustSetsIn(directory));
    TRY_ASSIGN(const auto known, db::trust::surveyTrust(directory));
    std::vector<ListedSet> sets;
    std::ranges::transform(names, std::back_inserter(sets),
                           [&](const std::string& name) { return listedSet(name, known, now); });
    const auto notRead = notReadOf(known, directory);
    context.output.result(trustDocument(sets, notRead, directory, now), trustText(sets, notRead, now));
    return known.leftOut.empty() ? ExitCode::Done : ExitCode::Refused;
}

/// Where there is a trust store, nobody else reads or changes it while this is kept.
Result<std::optional<system::FileLock>> lockIfThere(const fs::path& directory, const Context& context)
{
    std::error_code unknown; // what is wrong with it is said by the reading
    if (!fs::exists(directory, unknown)) {
        return std::optional<system::FileLock>{};
    }
    TRY_ASSIGN(auto lock, db::trust::lockForChange(directory, Deadline::in(db::trust::kTrustPatience), context.stop));
    return std::optional{std::move(lock)};
}

Result<station::FileStamp> stampOf(const fs::path& file, ByteView content, const fs::path& directory)
{
    TRY_ASSIGN(const auto digest, crypto::sha256({content}));
    return station::FileStamp{file.lexically_relative(directory).string(), toHex(digest)};
}

/// Before anything is changed; nothing where nothing is. Errors as keepActIfBegun().
Result<void> keepTrustAct(station::ActKind what, std::vector<station::FileStamp> files,
                          const config::StationConfig& station)
{
    if (files.empty()) {
        return {};
    }
    auto act = actOfCommand(what, station);
    act.files = std::move(files);
    return keepActIfBegun(act, station);
}

Result<std::vector<station::FileStamp>> stampsOf(const db::trust::ImportPlan& plan, const fs::path& directory)
{
    std::vector<station::FileStamp> files;
    for (const auto& planned : plan.authorities) {
        if (planned.change != db::trust::ImportChange::AlreadyThere) {
            const auto file = directory / plan.set / db::trust::authorityFileName(planned.certificate);
            TRY_ASSIGN(auto stamp, stampOf(file, asBytes(crypto::pemOf(planned.certificate)), directory));
            files.push_back(std::move(stamp));
        }
    }
    return files;
}

Result<std::vector<station::FileStamp>> stampsOf(std::span<const db::trust::PlannedList> plan,
                                                 const fs::path& directory)
{
    std::vector<station::FileStamp> files;
    for (const auto& planned : plan) {
        if (planned.change != db::trust::ListChange::AlreadyThere) {
            TRY_ASSIGN(const auto file, db::trust::fileOf(planned, directory));
            TRY_ASSIGN(auto stamp, stampOf(file, planned.list.der(), directory));
            files.push_back(std::move(stamp));
        }
    }
    return files;
}

Result<std::vector<station::FileStamp>> stampsOf(std::span<const StoredAuthority> authorities,
                                                 const fs::path& directory)
{
    std::vector<station::FileStamp> files;
    for (const auto& authority : authorities) {
        for (const auto& file : authority.files) {
            TRY_ASSIGN(const auto content, crypto::readCertificateFile(file));
            TRY_ASSIGN(auto stamp, stampOf(file, content, directory));
            files.push_back(std::move(stamp));
        }
    }
    return files;
}

/// What is planned, carried out while nobody else changes or reads the store.
Result<db::trust::ImportPlan> imported(const db::trust::TrustSource& source, const ImportOptions& options,
                                       const config::StationConfig& station, Context& context)
{
    const auto directory = wiring::trustDirectory(station);
    const auto now = utcNow();
    const auto planned = [&](const db::trust::KnownTrust& known) {
        return db::trust::planImport(
            source, options.set, known,
            options.anchor ? db::trust::MissingRoots::AnchorBelow : db::trust::MissingRoots::LeaveUnanchored, now);
    };
    const std::span set{&options.set, 1};
    if (options.dryRun) {
        TRY_ASSIGN(const auto known, db::trust::readCurrentTrust(directory, set, context.stop));
        return planned(known);
    }
    TRY_ASSIGN(auto locked, db::trust::planThenLock(directory, set, planned, db::trust::kTrustPatience, context.stop));
    TRY_ASSIGN(auto files, stampsOf(locked.plan, directory));
    TRY(keepTrustAct(station::ActKind::TrustImported, std::move(files), station));
    TRY(db::trust::carryOut(locked.plan, directory, locked.known, now));
    return std::move(locked.plan);
}

Result<ExitCode> importAuthorities(const ImportOptions& options, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(crypto::requireTrustSetName(options.set));
    const auto directory = wiring::trustDirectory(station);
    if (!options.dryRun) {
        TRY(db::journal::makeDataDirectory(station.dataDirectory));
    }
    std::error_code unknown;
    const auto from = fs::absolute(options.source, unknown); // the set says for ever where each came from
    TRY_ASSIGN(const auto source, db::trust::readTrustSource(unknown ? options.source : from));
    TRY_ASSIGN(const auto plan, imported(source, options, station, context));
    for (const auto& warning : trustImportWarnings(plan, options.dryRun)) {
        context.output.warning(warning);
    }
    context.output.result(trustImportDocument(plan, directory, options.dryRun), trustImportText(plan, options.dryRun));
    return plan.skipped.empty() ? ExitCode::Done : ExitCode::Refused;
}

/// \p set, or every set there is. Error S-339 for a set that is named and not there.
Result<std::vector<std::string>> setsMeant(const fs::path& directory, const std::optional<std::string>& set)
{
    TRY_ASSIGN(auto names, db::trust::trustSetsIn(directory));
    if (set) {
        TRY(crypto::requireTrustSetName(*set));
        if (std::ranges::find(names, *set) == names.end()) {
            return makeError(StationCode::NothingFound,
                             "--set " + *set +
                                 (names.empty() ? ": there is no set yet; enrollctl trust import makes one"
                                                : ": there is no such set; there are: " + joined(names)));
        }
        names = {*set};
    }
    return names;
}

/// Their authorities. Error S-339 likewise.
Result<std::vector<StoredAuthority>> authoritiesIn(const fs::path& directory, const std::optional<std::string>& set)
{
    TRY_ASSIGN(const auto names, setsMeant(directory, set));
    std::vector<StoredAuthority> all;
    for (const auto& name : names) {
        TRY_ASSIGN(auto authorities, db::trust::authoritiesOf(directory, name));
        std::ranges::move(authorities, std::back_inserter(all));
    }
    return all;
}

/// The one certificate that \p name means, in each set that has it. Error S-339 if none does, S-331 if it means several.
Result<std::vector<StoredAuthority>> meantBy(const std::string& name, std::span<const StoredAuthority> all)
{
    std::vector<StoredAuthority> meant;
    std::set<std::string> fingerprints;
    for (const auto& one : all) {
        if (one.certificate.sha256Hex() == asciiLowered(name) || one.certificate.subject() == name) {
            meant.push_back(one);
            fingerprints.insert(one.certificate.sha256Hex());
        }
    }
    if (meant.empty()) {
        return makeError(StationCode::NothingFound,
                         "no authority has the SHA-256 or the subject \"" + name + "\"; see: enrollctl trust list");
    }
    if (fingerprints.size() > 1) {
        return makeError(StationCode::UsageInvalid, "\"" + name +
                                                        "\" is the subject of several authorities: name one by "
                                                        "its SHA-256: " +
                                                        joined(fingerprints));
    }
    return meant;
}

/// Of each set that lost its last anchor with \p removed.
std::vector<std::string> lastAnchorWarnings(std::span<const RemovedAuthority> removed, const fs::path& directory)
{
    std::vector<std::string> warnings;
    for (const auto& one : removed) {
        const auto left = db::trust::authoritiesOf(directory, one.authority.set);
        const bool wasAnchor = one.authority.role == crypto::TrustRole::Anchor;
        if (wasAnchor && left.ok() && !db::trust::storeOf(*left).hasAnchors()) {
            warnings.push_back(lastAnchorText(one.authority.set));
        }
    }
    return warnings;
}

Result<ExitCode> removeTrust(const NamedIn& which, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNamedDirectory(context.options.data));
    const auto directory = wiring::trustDirectory(station);
    TRY_ASSIGN(const auto lock, lockIfThere(directory, context));
    TRY_ASSIGN(const auto all, authoritiesIn(directory, which.set));
    TRY_ASSIGN(const auto meant, meantBy(which.name, all));
    TRY(db::trust::readKnownTrust(directory, {})); // or nobody could say what each proves
    TRY_ASSIGN(auto files, stampsOf(meant, directory));
    TRY(keepTrustAct(station::ActKind::TrustRemoved, std::move(files), station));
    std::vector<RemovedAuthority> removed;
    for (const auto& one : meant) {
        TRY_ASSIGN(const auto known, db::trust::readKnownTrust(directory, {}));
        TRY_ASSIGN(const auto how, db::trust::endTrust(one, known, utcNow()));
        removed.push_back({one, how});
    }
    for (const auto& warning : lastAnchorWarnings(removed, directory)) {
        context.output.warning(warning);
    }
    context.output.result(trustRemovalDocument(removed, directory), trustRemovalText(removed));
    return ExitCode::Done;
}

/// Of each authority that is revoked, whichever set trusts it.
std::vector<std::string> revocationWarnings(const db::trust::KnownTrust& known, UtcTime now)
{
    std::vector<std::string> warnings;
    db::trust::SetJudge judge{known, now};
    for (const auto& one : known.authorities) {
        const auto path = judge.judge(one);
        if (one.role && path.revoked) {
            warnings.push_back(revokedAuthorityText(one, path.reason));
        }
    }
    return warnings;
}

Result<ExitCode> importLists(const ListOptions& options, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(crypto::requireTrustSetName(options.set));
    const auto directory = wiring::trustDirectory(station);
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(options.source));
    TRY_ASSIGN(const auto lists, prefixed(options.source.string() + ": ", crypto::revocationListsFromFile(content)));
    TRY_ASSIGN(const auto lock, lockIfThere(directory, context));
    TRY_ASSIGN(auto known, db::trust::readKnownTrust(directory, std::span{&options.set, 1}));
    TRY_ASSIGN(const auto plan, prefixed(options.source.string() + ": ",
                                         db::trust::planLists(lists, options.set, known.authorities, known.lists)));
    TRY_ASSIGN(auto files, stampsOf(plan, directory));
    TRY(keepTrustAct(station::ActKind::ListImported, std::move(files), station));
    TRY(db::trust::storeLists(plan, directory));
    TRY_ASSIGN(known, db::trust::readKnownTrust(directory, {}));
    for (const auto& warning : olderListWarnings(plan)) {
        context.output.warning(warning);
    }
    for (const auto& warning : revocationWarnings(known, utcNow())) {
        context.output.warning(warning);
    }
    context.output.result(listImportDocument(plan, options.set, directory), listImportText(plan));
    return ExitCode::Done;
}

ExitCode exitCodeOfPath(crypto::PathResult result)
{
    if (result == crypto::PathResult::Trusted) {
        return ExitCode::Done;
    }
    return exitCodeOf(result == crypto::PathResult::UnknownIssuer ? ErrorCode{DeviceCode::EkCertificateUntrusted}
                                                                  : ErrorCode{DeviceCode::EkCertificateInvalid});
}

/// The set that the command line names, otherwise those of the profile.
Result<std::vector<std::string>> setsToAsk(const config::StationConfig& station, const std::optional<std::string>& set,
                                           const fs::path& directory)
{
    if (set) {
        return setsMeant(directory, set);
    }
    TRY_ASSIGN(auto profile, wiring::loadProductProfile(station));
    return std::move(profile.trustSets);
}

Result<ExitCode> checkCertificate(const NamedIn& which, Context& context)
{
    const fs::path file{which.name};
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNamedDirectory(context.options.data));
    const auto directory = wiring::trustDirectory(station);
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(file));
    TRY_ASSIGN(const auto certificates, prefixed(file.string() + ": ", recoded(crypto::certificatesFromFile(content),
                                                                               StationCode::KeyMaterialUnusable)));
    TRY_ASSIGN(auto sets, setsToAsk(station, which.set, directory));
    TRY_ASSIGN(const auto known, db::trust::readCurrentTrust(directory, sets, context.stop));
    const auto check = checkTrust(certificates, std::move(sets), known, utcNow());
    context.output.result(trustCheckDocument(check, file), trustCheckText(check));
    const bool isRevoked =
        std::ranges::find(check.notes, crypto::PathRemark::Revoked, &crypto::PathNote::remark) != check.notes.end();
    return isRevoked ? exitCodeOf(DeviceCode::EkCertificateRevoked) : exitCodeOfPath(check.result);
}

void addListImport(const Command& trust)
{
    auto options = std::make_shared<ListOptions>();
    const auto importing = trust.subcommand("import-crl", "Keep a maker's revocation list (CRL); nothing is fetched");
    importing
        .option("source", options->source, "Its file, PEM or DER; an authority of one of the sets must have signed it")
        .required();
    importing.option("--set", options->set, "Into this set, \"makers\" where none is named; it counts for every set");
    importing.does([options](Context& context) { return importLists(*options, context); });
}

void addImport(const Command& trust)
{
    auto options = std::make_shared<ImportOptions>();
    const auto importing = trust.subcommand("import", "Trust the authorities of a file, a directory or a cabinet");
    importing.option("source", options->source, "PEM, DER, PKCS#7, base64, a directory, TrustedTpm.cab").required();
    importing.option(
        "--set", options->set,
        "Into this set, \"makers\" where none is named; authorities of software TPMs belong into \"demo\" alone");
    importing.option("--anchor", options->anchor, "Let an intermediate end paths if its root is nowhere to be had");
    importing.option("--dry-run", options->dryRun, "Show what would change, and write nothing");
    importing.does([options](Context& context) { return importAuthorities(*options, context); });
}

} // namespace

void addTrustCommands(const Command& program)
{
    const auto trust = program.group("trust", "Certificate authorities of TPM makers, in named sets");
    const auto list = trust.subcommand("list", "What is trusted, since when, and what deserves a look");
    list.does(listTrust);
    addImport(trust);
    addListImport(trust);

    auto removed = std::make_shared<NamedIn>();
    const auto removing = trust.subcommand("remove", "Trust an authority no longer");
    removing.option("authority", removed->name, "Its SHA-256 or its subject, as listed").required();
    removing.option("--set", removed->set, "In this set alone");
    removing.does([removed](Context& context) { return removeTrust(*removed, context); });

    auto checked = std::make_shared<NamedIn>();
    const auto check = trust.subcommand("check", "Explain whether an EK certificate leads to a trusted authority");
    check.option("certificate", checked->name, "Its file; further certificates in it help to build the path")
        .required();
    check.option("--set", checked->set, "Ask this set instead of those that the profile names");
    check.does([checked](Context& context) { return checkCertificate(*checked, context); });
}

} // namespace enroll::app::enrollctl
