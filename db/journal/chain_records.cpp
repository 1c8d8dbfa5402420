#include "db/journal/chain_records.h"

#include "db/documents/json_text.h"
#include "db/journal/bad_entry.h"
#include "db/journal/chain_row.h"
#include "db/journal/chain_store.h"
#include "db/journal/index_table.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

#include <algorithm>
#include <utility>

namespace enroll::db::journal {
namespace {

// The columns of a record's search row: index_table.cpp.
constexpr std::size_t kRegistration = 0;
constexpr std::size_t kSerial = 1;
constexpr std::size_t kFingerprint = 2;

constexpr std::size_t kRun = 3;
// Those of a run's search row.
constexpr std::size_t kRunSerial = 4;
constexpr std::size_t kRunOutcome = 7;

/// The Name of the storage root key in a run's document; nothing if it has none.
///
/// Found by its bytes: the first look would take three times as long if it parsed each run. A stored document has one form,
/// with its members in order, and a quotation mark within a text has a backslash before it. A newer program may have put a
/// member before the name: such a document is parsed.
std::optional<std::string> storageRootKeyOf(const QByteArray& document)
{
    constexpr QByteArrayView kObject{"\"storageRootKey\":{"};
    constexpr QByteArrayView kName{"\"name\":\""};
    auto at = document.indexOf(kObject);
    if (at < 0) {
        return std::nullopt;
    }
    at += kObject.size();
    QByteArray name;
    if (QByteArrayView{document}.sliced(at).startsWith(kName)) {
        const auto from = at + kName.size();
        name = document.mid(from, document.indexOf('"', from) - from);
    } else {
        const auto run = documents::parseJsonObject(document);
        const auto key = run.ok() ? (*run)[QLatin1String("storageRootKey")] : QJsonValue{};
        name = key[QLatin1String("name")].toString().toLatin1();
    }
    const auto bytes = QByteArray::fromHex(name);
    return bytes.isEmpty() ? std::nullopt : std::optional{bytes.toStdString()};
}

bool isOfRun(const QByteArray& document, const std::string& runId)
{
    return document.contains(QByteArray{"\"runId\":\""} + QByteArray::fromStdString(runId) + '"');
}

/// As SQLite's NOCASE: the letters of ASCII alone.
std::string inLowerCase(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

} // namespace

Result<void> ChainRecords::readOn(sqlite::Connection& database)
{
    const std::lock_guard lock{m_mutex};
    // Begun with the mutex held: an older snapshot than the last one would look as if entries had been cut off.
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Snapshot));
    return advance(database);
}

Result<void> ChainRecords::readOnInside(sqlite::Connection& database)
{
    const std::lock_guard lock{m_mutex};
    return advance(database);
}

Result<void> ChainRecords::advance(sqlite::Connection& database)
{
    if (!m_chain) {
        TRY_ASSIGN(const auto id, journalId(database));
        TRY_ASSIGN(auto genesis, audit::genesisHash(id));
        m_chain.emplace(std::move(genesis));
    }
    TRY(requireSeen(database));
    TRY_ASSIGN(auto rows, chainAfter(database, m_chain->head().entries));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        if (!hasColumnTypes(row)) {
            return journalAltered(database, BadEntry{row.integer(0), row.text(1), {}, std::string{kOtherColumnTypes}});
        }
        return take(database, entryOf(row));
    }));
    takeRetest(); // a record would stand behind it: both are appended at once
    TRY_ASSIGN(const auto end, storedHead(database));
    if (end != m_chain->head()) {
        return journalAltered(database, BadEntry{m_chain->head().entries + 1,
                                                 "journal",
                                                 {},
                                                 "the chain ends before it, but the journal records another end"});
    }
    return {};
}

/// Error S-303 unless the last entry that was read still stands there.
Result<void> ChainRecords::requireSeen(sqlite::Connection& database)
{
    const auto& last = m_chain->head();
    if (last.entries == 0) {
        return {};
    }
    TRY_ASSIGN(auto row, database.query("SELECT entry_hash FROM chain_entry WHERE seq = ?",
                                        {static_cast<qlonglong>(last.entries)}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there || !equalBytes(qt::viewOf(row.bytes(0)), last.hash)) {
        return journalAltered(
            database,
            BadEntry{last.entries,
                     "journal",
                     {},
                     "it is not the entry that this program read there before; if the journal was replaced on purpose, "
                     "start the program again"});
    }
    return {};
}

/// A record whose members this program cannot read is passed over; its search row still finds it.
Result<void> ChainRecords::take(const sqlite::Connection& database, const audit::ChainEntry& entry)
{
    TRY_ASSIGN(auto fault, m_chain->check(entry));
    const QByteArray body = entry.kind == kRecordKind || fault ? qt::toQByteArray(entry.body) : QByteArray{};
    if (fault) {
        return journalAltered(
            database, BadEntry{m_chain->head().entries + 1, entry.kind, entryId(entry.kind, body), std::move(*fault)});
    }
    if (entry.kind == kClockAcceptanceKind) {
        m_clockAccepted = entry.seq;
    }
    if (entry.kind == kRunKind) {
        takeRetest();
        m_lastRun = qt::toQByteArray(entry.body);
    }
    if (entry.kind == kRecordKind) {
        takeRecord(body, entry.seq);
    }
    return {};
}

void ChainRecords::takeRecord(const QByteArray& record, std::int64_t seq)
{
    const auto values = indexRow(*indexTableOf(kRecordKind), record).values;
    if (values[kRegistration]) {
        m_byRegistration.emplace(inLowerCase(values[kRegistration]->toString().toStdString()), seq);
    }
    if (values[kSerial]) {
        m_bySerial.emplace(values[kSerial]->toString().toStdString(), seq);
    }
    if (values[kFingerprint]) {
        m_byKey.emplace(values[kFingerprint]->toByteArray().toStdString(), seq);
    }
    if (values[kRun] && isOfRun(m_lastRun, values[kRun]->toString().toStdString())) {
        if (const auto name = storageRootKeyOf(m_lastRun)) {
            m_byStorageRootKey.emplace(*name, seq);
        }
        m_lastRun.clear();
    }
}

/// The last run, which has no record of its own. If it passed, its storage root key belongs to the record of its serial
/// number: the device may have got another one by TPM2_Clear.
void ChainRecords::takeRetest()
{
    const auto run = std::exchange(m_lastRun, {});
    const auto pass = qt::toQString(outcomeText(Outcome::Pass));
    if (!run.contains("\"outcome\":\"" + pass.toLatin1() + '"')) {
        return;
    }
    const auto name = storageRootKeyOf(run);
    if (!name || m_byStorageRootKey.contains(*name)) {
        return;
    }
    const auto values = indexRow(*indexTableOf(kRunKind), run).values;
    const bool passed = values[kRunOutcome] && values[kRunOutcome]->toString() == pass;
    const auto record =
        passed && values[kRunSerial] ? m_bySerial.find(values[kRunSerial]->toString().toStdString()) : m_bySerial.end();
    if (record != m_bySerial.end()) {
        m_byStorageRootKey.emplace(*name, record->second);
    }
}

std::optional<std::int64_t> ChainRecords::in(const Entries& entries, const std::string& value) const
{
    const std::lock_guard lock{m_mutex};
    const auto found = entries.find(value);
    return found == entries.end() ? std::nullopt : std::optional{found->second};
}

std::int64_t ChainRecords::clockAccepted() const
{
    const std::lock_guard lock{m_mutex};
    return m_clockAccepted;
}

std::optional<std::int64_t> ChainRecords::byKey(ByteView fingerprint) const
{
    return in(m_byKey, qt::toQByteArray(fingerprint).toStdString());
}

std::optional<std::int64_t> ChainRecords::byStorageRootKey(ByteView name) const
{
    return in(m_byStorageRootKey, qt::toQByteArray(name).toStdString());
}

std::optional<std::int64_t> ChainRecords::bySerial(const enrollment::SerialNumber& serial) const
{
    return in(m_bySerial, serial.text());
}

std::optional<std::int64_t> ChainRecords::byRegistration(const enrollment::RegistrationId& id) const
{
    return in(m_byRegistration, inLowerCase(id.text()));
}

} // namespace enroll::db::journal
