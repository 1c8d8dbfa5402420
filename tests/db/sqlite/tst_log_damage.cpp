#include "core/base/bytes.h"
#include "core/base/station_code.h"
#include "core/system/regular_file.h"
#include "db/sqlite/connection.h"
#include "db/sqlite/log_damage.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace enroll;
using namespace enroll::db::sqlite;
using enroll::test::must;

namespace {

namespace fs = std::filesystem;

constexpr FaultCodes kCodes{StationCode::JournalCannotSave, StationCode::JournalBusy, StationCode::JournalAltered};
constexpr qsizetype kHeader = 32;
constexpr qsizetype kFrame = 24 + 4096;

QByteArray contentOf(const fs::path& path)
{
    QFile file{QString::fromStdString(path.string())};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

void write(const fs::path& path, const QByteArray& content)
{
    QFile file{QString::fromStdString(path.string())};
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

ReadFile readerOf(const QByteArray& content)
{
    return [content](std::uint64_t offset, std::span<std::byte> into) -> Result<std::size_t> {
        const auto rest = content.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(into.size()));
        std::ranges::copy(std::as_bytes(std::span{rest.constData(), static_cast<std::size_t>(rest.size())}),
                          into.begin());
        return static_cast<std::size_t>(rest.size());
    };
}

std::optional<LogDamage> damageOf(const QByteArray& log, const QByteArray& database = {})
{
    return must(findLogDamage(readerOf(log), [&database]() -> Result<ReadFile> { return readerOf(database); }));
}

qsizetype framesOf(const QByteArray& log)
{
    return (log.size() - kHeader) / kFrame;
}

QByteArray frameOf(const QByteArray& log, qsizetype number)
{
    return log.mid(kHeader + (number - 1) * kFrame, kFrame);
}

bool commits(const QByteArray& log, qsizetype number)
{
    return frameOf(log, number).mid(4, 4) != QByteArray(4, '\0');
}

/// The last frame of the log's transaction that is \p behind before the last one.
qsizetype lastFrameOf(const QByteArray& log, int behind)
{
    for (auto number = framesOf(log); number > 0; --number) {
        if (commits(log, number) && behind-- == 0) {
            return number;
        }
    }
    return 0;
}

QByteArray flipped(QByteArray log, qsizetype offset, int bit = 0)
{
    log[offset] = static_cast<char>(log[offset] ^ (1 << bit));
    return log;
}

/// A database whose log is looked at while it is open, as a crash leaves it.
class LiveDatabase {
public:
    /// Continues what a crash left: \p database with the log \p log.
    LiveDatabase(const QByteArray& database, const QByteArray& log)
    {
        write(file(), database);
        write(this->log(), log);
        m_connection = open();
    }
    LiveDatabase()
    {
        must(system::makePrivateFile(file()));
        m_connection = open();
        must(m_connection->execute("CREATE TABLE t (number INTEGER, content BLOB)"));
    }

    [[nodiscard]] fs::path file() const { return fs::path{m_directory.path().toStdString()} / "database"; }
    [[nodiscard]] fs::path log() const { return file().string() + "-wal"; }
    [[nodiscard]] std::unique_ptr<Connection> open() const
    {
        return must(Connection::open(file(), Access::ReadWrite, std::chrono::seconds{5}, kCodes));
    }
    [[nodiscard]] Connection& connection() const { return *m_connection; }
    /// A transaction of several frames.
    void put(int number, int size = 13000) const
    {
        must(m_connection->execute("INSERT INTO t VALUES (?, randomblob(?))", {number, size}));
    }
    [[nodiscard]] int largest() const
    {
        auto row = must(m_connection->query("SELECT max(number) FROM t"));
        return must(row.next()) ? static_cast<int>(row.integer(0)) : -1;
    }

private:
    QTemporaryDir m_directory;
    std::unique_ptr<Connection> m_connection;
};

/// Every log that a power cut can leave: each frame of the last transaction of \p log is there, or what \p before holds in
/// its place is (zeros behind its end), or half of one and half of the other.
template <class Visit>
void forEachPowerCut(const QByteArray& log, const QByteArray& before, Visit visit)
{
    const auto first = lastFrameOf(log, 1) + 1;
    const auto last = lastFrameOf(log, 0);
    unsigned ways = 1;
    for (auto number = first; number <= last; ++number) {
        ways *= 3;
    }
    for (unsigned way = 0; way < ways; ++way) {
        auto cut = log;
        auto rest = way;
        for (auto number = first; number <= last; ++number, rest /= 3) {
            const auto lost = rest % 3 == 0 ? qsizetype{0} : rest % 3 == 1 ? kFrame : kFrame / 2;
            const auto old = frameOf(before, number).leftJustified(kFrame, '\0').right(lost);
            cut.replace(kHeader + number * kFrame - lost, lost, old);
        }
        visit(cut);
    }
}

} // namespace

class TstLogDamage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsEveryFlippedBitButThoseOfTheLastTransaction();
    void findsABlockOfZeros();
    void findsALogWhoseBeginningIsGone_data();
    void findsALogWhoseBeginningIsGone();
    void findsNothingInAWholeLog();
    void takesEveryPowerCutForOne();
    void takesASecondPowerCutForOne();
    void takesNoRemnantForDamage();
    void neverAccusesAWriter();
    void bearsALogThatComesAndGoes();
    void opensNothingWhoseLogWasDamaged();
};

void TstLogDamage::findsEveryFlippedBitButThoseOfTheLastTransaction()
{
    const LiveDatabase database;
    for (int number = 1; number <= 4; ++number) {
        database.put(number);
    }
    const auto log = contentOf(database.log());
    const auto acknowledged = kHeader + lastFrameOf(log, 1) * kFrame;
    QVERIFY(acknowledged > kHeader + kFrame && acknowledged < log.size() - kFrame);
    for (qsizetype at = 0; at < log.size(); ++at) {
        const auto inFrame = at < kHeader ? at : (at - kHeader) % kFrame;
        if (inFrame >= 24 && at >= kHeader && inFrame % 101 != 0) {
            continue; // all of the headers, and samples of the pages
        }
        if (at >= kHeader && inFrame >= 4 && inFrame < 8) {
            continue; // whether a frame commits at all: below
        }
        const auto damage = damageOf(flipped(log, at, static_cast<int>(at % 8)));
        QVERIFY2(damage.has_value() == (at < acknowledged), qPrintable(QString::number(at)));
        if (damage) {
            QCOMPARE(damage->frame, static_cast<std::uint64_t>(at < kHeader ? 0 : (at - kHeader) / kFrame + 1));
            QVERIFY(damage->committedIn >= damage->frame);
        }
    }
    const auto early = lastFrameOf(log, 3);
    QVERIFY(damageOf(flipped(log, kHeader + (early - 1) * kFrame + 4, 7)));
}

void TstLogDamage::findsABlockOfZeros()
{
    const LiveDatabase database;
    for (int number = 1; number <= 5; ++number) {
        database.put(number);
    }
    auto log = contentOf(database.log());
    const auto from = lastFrameOf(log, 4) * kFrame;
    const auto to = lastFrameOf(log, 2) * kFrame;
    log.replace(kHeader + from, to - from, QByteArray(to - from, '\0'));
    QVERIFY(damageOf(log));
}

void TstLogDamage::findsALogWhoseBeginningIsGone_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<char>("filler");
    QTest::newRow("header") << 32 << '\0';
    QTest::newRow("sector") << 512 << '\0';
    QTest::newRow("block") << 4096 << '\0';
    QTest::newRow("block of something else") << 4096 << 'x';
    QTest::newRow("two blocks") << 8192 << '\0';
    QTest::newRow("several transactions") << 40000 << '\0';
}

/// A checkpoint comes before SQLite begins the log anew, and a power cut may meet the header then.
void TstLogDamage::findsALogWhoseBeginningIsGone()
{
    QFETCH(const int, bytes);
    QFETCH(const char, filler);
    const LiveDatabase database;
    for (int number = 1; number <= 6; ++number) {
        database.put(number);
    }
    auto log = contentOf(database.log());
    log.replace(0, bytes, QByteArray(bytes, filler));
    const auto damage = damageOf(log, contentOf(database.file()));
    QVERIFY(damage);
    QCOMPARE(damage->frame, std::uint64_t{0});
    QCOMPARE(damage->committedIn, static_cast<std::uint64_t>(framesOf(log)));

    auto checkpoint = must(database.connection().query("PRAGMA wal_checkpoint(FULL)"));
    QVERIFY(must(checkpoint.next()));
    QVERIFY(!damageOf(log, contentOf(database.file())));
    QVERIFY(!damageOf(log, {}));
}

void TstLogDamage::findsNothingInAWholeLog()
{
    QVERIFY(!damageOf({}));
    QVERIFY(!damageOf(QByteArray(10, 'x')));
    QVERIFY(!damageOf(QByteArray(100000, 'x')));
    QVERIFY(!damageOf(QByteArray(100000, '\0')));
    QVERIFY(!must(findLogDamage("/nowhere/log", "/nowhere/database")));
    const LiveDatabase database;
    for (int number = 1; number <= 4; ++number) {
        database.put(number);
        const auto log = contentOf(database.log());
        QVERIFY(!damageOf(log));
        for (const auto cut : {qsizetype{1}, kFrame, kFrame + 1, 2 * kFrame + 100}) {
            QVERIFY(!damageOf(log.chopped(cut)));
        }
    }
}

void TstLogDamage::takesEveryPowerCutForOne()
{
    const LiveDatabase database;
    database.put(1);
    database.put(2);
    const auto before = contentOf(database.log());
    database.put(3);
    const auto log = contentOf(database.log());
    const auto file = contentOf(database.file());
    int cuts = 0;
    forEachPowerCut(log, before, [&](const QByteArray& cut) {
        QVERIFY(!damageOf(cut));
        if (cuts++ % 20 == 0) { // and SQLite opens it with all that was acknowledged
            QVERIFY((LiveDatabase{file, cut}).largest() >= 2);
        }
    });
    QVERIFY(cuts > 50);
}

/// After the first one the log goes on with the same salts, over what the unfinished transaction left.
void TstLogDamage::takesASecondPowerCutForOne()
{
    const LiveDatabase first;
    first.put(1);
    first.put(2);
    const auto boundary = framesOf(contentOf(first.log()));
    first.put(3, 40000);
    auto cutOnce = contentOf(first.log());
    const auto torn = kHeader + boundary * kFrame + 2000;
    cutOnce = flipped(cutOnce, torn);
    QVERIFY(!damageOf(cutOnce));

    const LiveDatabase second{contentOf(first.file()), cutOnce};
    QCOMPARE(second.largest(), 2);
    second.put(4, 5000);
    const auto before = contentOf(second.log());
    QVERIFY(!damageOf(before));
    second.put(5, 5000);
    auto log = contentOf(second.log());
    QCOMPARE(framesOf(log), framesOf(cutOnce)); // the end of the first one still stands behind
    QVERIFY(commits(log, framesOf(log)));
    QVERIFY(!damageOf(log));
    // The last transaction is now not the last that commits in the log: each of its frames as it was before.
    for (auto number = boundary + 1; number <= framesOf(log); ++number) {
        if (frameOf(log, number) != frameOf(before, number)) {
            auto cut = log;
            QVERIFY(!damageOf(cut.replace(kHeader + (number - 1) * kFrame, kFrame, frameOf(before, number))));
        }
    }
    QVERIFY(damageOf(flipped(log, torn))); // but what was acknowledged meanwhile is known
}

void TstLogDamage::takesNoRemnantForDamage()
{
    const LiveDatabase database;
    for (int number = 1; number <= 5; ++number) {
        database.put(number);
    }
    const auto former = contentOf(database.log());
    auto checkpoint = must(database.connection().query("PRAGMA wal_checkpoint(RESTART)"));
    QVERIFY(must(checkpoint.next()));
    checkpoint = must(database.connection().prepare("SELECT 1"));
    database.put(6);
    database.put(7);
    const auto log = contentOf(database.log());
    QCOMPARE(log.size(), former.size()); // the old frames still stand behind the new ones
    QVERIFY(frameOf(log, framesOf(log)) == frameOf(former, framesOf(former)));
    QVERIFY(!damageOf(log));
    QVERIFY(damageOf(flipped(log, kHeader + 100)));
    // The new header is synced before the first new frame, so a power cut leaves it before the old ones.
    auto begun = former;
    QVERIFY(!damageOf(begun.replace(0, kHeader, log.left(kHeader))));
    QVERIFY(!damageOf(begun.replace(0, kHeader, QByteArray(kHeader, '\0'))));
}

/// Commits, rollbacks of what was too large for the cache, and a log that begins anew again and again.
void TstLogDamage::neverAccusesAWriter()
{
    const LiveDatabase database;
    std::atomic<bool> done{false};
    std::jthread writer{[&] {
        const auto connection = database.open();
        must(connection->execute("PRAGMA wal_autocheckpoint = 20"));
        must(connection->execute("PRAGMA cache_size = 10"));
        for (int number = 0; number < 300; ++number) {
            auto transaction = must(Transaction::begin(*connection, Transaction::Kind::Write));
            must(connection->execute("INSERT INTO t VALUES (?, randomblob(?))", {number, number % 7 * 20000}));
            if (number % 3 != 0) {
                must(transaction.commit());
            }
        }
        done = true;
    }};
    int looks = 0;
    while (!done) {
        const auto damage = must(findLogDamage(database.log(), database.file()));
        QVERIFY2(!damage, qPrintable(QString::number(looks)));
        ++looks;
    }
    QVERIFY(looks > 0);
}

/// The last connection that closes a file removes its log.
void TstLogDamage::bearsALogThatComesAndGoes()
{
    const QTemporaryDir directory;
    const auto file = fs::path{directory.path().toStdString()} / "database";
    must(system::makePrivateFile(file));
    std::atomic<bool> done{false};
    std::jthread writer{[&] {
        for (int number = 0; number < 100; ++number) {
            const auto connection = must(Connection::open(file, Access::ReadWrite, std::chrono::seconds{5}, kCodes));
            must(connection->execute("CREATE TABLE IF NOT EXISTS t (number INTEGER)"));
            must(connection->execute("INSERT INTO t VALUES (?)", {number}));
        }
        done = true;
    }};
    while (!done) {
        QVERIFY(!must(findLogDamage(file.string() + "-wal", file)));
    }
}

void TstLogDamage::opensNothingWhoseLogWasDamaged()
{
    const LiveDatabase database;
    for (int number = 1; number <= 3; ++number) {
        database.put(number);
    }
    const QTemporaryDir directory;
    const auto file = fs::path{directory.path().toStdString()} / "database";
    const fs::path log{file.string() + "-wal"};
    write(file, contentOf(database.file()));
    const auto damaged = flipped(contentOf(database.log()), kHeader + 968);
    write(log, damaged);
    for (const auto access : {Access::ReadWrite, Access::ReadOnly, Access::Immutable}) {
        const auto opened = Connection::open(file, access, std::chrono::seconds{5}, kCodes);
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, kCodes.damaged);
        QVERIFY2(opened.error().what.starts_with(log.string() + ": frame 1 was altered"), opened.error().what.c_str());
        QVERIFY2(opened.error().what.find("copy both") != std::string::npos, opened.error().what.c_str());
    }
    QCOMPARE(contentOf(file), contentOf(database.file()));
    QCOMPARE(contentOf(log), damaged);
    QVERIFY(!fs::exists(file.string() + "-shm"));
}

QTEST_GUILESS_MAIN(TstLogDamage)
#include "tst_log_damage.moc"
