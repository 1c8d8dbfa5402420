#include "app/desktop/station_acts.h"
#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "core/crypto/digest.h"
#include "core/system/whole_file.h"
#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/sqlite_journal.h"
#include "db/journal/verify_journal.h"
#include "tests/app/desktop/station_files.h"

#include <QFile>

using namespace enroll;
using namespace enroll::app::desktop;
using ::enroll::station::Act;
using ::enroll::station::ActKind;
using enroll::test::must;

namespace {

constexpr int kPatience = 30'000;
const std::vector<std::string> kDevices{"tcp://127.0.0.1:9"};

struct Files : test::StationFiles {
    /// None of a journal that is not there yet.
    [[nodiscard]] std::vector<Act> acts() const
    {
        std::vector<Act> acts;
        const auto stored = db::journal::storedActs(file("data"));
        for (std::size_t i = 0; stored.ok() && i < stored->size(); ++i) {
            acts.push_back(*(*stored)[i].act);
        }
        return acts;
    }
    [[nodiscard]] std::vector<std::string> words() const
    {
        std::vector<std::string> words;
        for (const auto& act : acts()) {
            words.emplace_back(::enroll::station::actKindText(act.what));
        }
        return words;
    }
};

} // namespace

class StationActsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void theFirstActSaysWhatRuns()
    {
        const Files files;
        const auto setup = must(loadStationSetup(files.sources(kDevices)));
        {
            const StationActs acts{setup};
        }
        QCOMPARE(files.words(), (std::vector<std::string>{"station-started", "station-ended"}));
        const auto start = files.acts().front();
        QVERIFY(start.stationId == setup.config.stationId && !start.operatorId);
        QVERIFY(start.profile == setup.profile.stamp);
        QVERIFY(start.software && !start.software->version.empty());
        QCOMPARE(start.configuration.size(), 1U);
        QCOMPARE(start.configuration[0].file, files.file("station.toml").string());
        const auto bytes = must(system::readWholeFile(files.file("station.toml"), 10'000));
        QCOMPARE(start.configuration[0].sha256, toHex(must(crypto::sha256({bytes}))));
    }

    /// Not what stands in the file by the time that the act is written.
    void theFirstActSaysWhatWasRead()
    {
        const Files files;
        const auto setup = must(loadStationSetup(files.sources(kDevices)));
        const auto bytes = must(system::readWholeFile(files.file("station.toml"), 10'000));
        QFile file(QString::fromStdString(files.file("station.toml").string()));
        QVERIFY(file.open(QIODevice::Append) && file.write("# another\n") > 0);
        file.close();
        {
            const StationActs acts{setup};
        }
        QCOMPARE(files.acts().front().configuration.at(0).sha256, toHex(must(crypto::sha256({bytes}))));
    }

    void theFirstActSaysWhoMayWork()
    {
        const Files files;
        std::filesystem::create_directory(files.file("data"));
        QVERIFY(config::changePeople(files.file("data"), [](enrollment::People&) { return Result<void>{}; }).ok());
        {
            const StationActs acts{must(loadStationSetup(files.sources(kDevices)))};
        }
        const auto read = files.acts().front().configuration;
        QCOMPARE(read.size(), 2U);
        const auto people = config::peopleFile(files.file("data"));
        QCOMPARE(read[1].file, people.string());
        QCOMPARE(read[1].sha256, toHex(must(crypto::sha256({must(system::readWholeFile(people, 10'000))}))));
    }

    void whatIsDoneStandsBetweenStartAndEnd()
    {
        const Files files;
        {
            StationApplication station(must(loadStationSetup(files.sources(kDevices))), ui::ThemeChoice::Light);
            QVERIFY(station.controller().takeOrder(enrollment::BatchId{"WO-4711"}).ok());
            test::typeSerial(station.window(), QStringLiteral("GX-000183"));
            QVERIFY(station.controller().takeBack({1}));
        }
        QCOMPARE(files.words(),
                 (std::vector<std::string>{"station-started", "order-taken", "serial-taken-back", "station-ended"}));
        QVERIFY(!must(db::journal::verifyJournal(files.file("data"))).firstBad);
    }

    /// Somebody copies the journal while the station starts and ends.
    void theNextStartSaysThatActsWereLost()
    {
        const Files files;
        {
            const StationActs acts{must(loadStationSetup(files.sources(kDevices)))};
        }
        {
            const auto database =
                must(db::journal::openForWriting(db::journal::JournalOptions{files.file("data"), {}}));
            const auto held = must(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            const StationActs acts{must(loadStationSetup(files.sources(kDevices)))};
            acts.log()->write({.what = ActKind::BadgeRefused, .at = utcNow()});
        }
        const std::vector<std::string> whole{"station-started", "station-ended"};
        QCOMPARE(files.words(), whole);
        for (int start = 0; start < 2; ++start) { // it is said once
            const StationActs acts{must(loadStationSetup(files.sources(kDevices)))};
        }
        QCOMPARE(files.words(),
                 (std::vector<std::string>{"station-started", "station-ended", "acts-lost", "station-started",
                                           "station-ended", "station-started", "station-ended"}));
        const auto lost = files.acts().at(2);
        QCOMPARE(lost.count, std::optional<std::int64_t>{3}); // started, badge refused, ended
        QVERIFY(!lost.operatorId && !lost.stationId.empty());
        QVERIFY(!must(db::journal::verifyJournal(files.file("data"))).firstBad);
    }

    /// Somebody copies it, or a disk hangs: what cannot be told of nobody may be done.
    void aJournalThatTakesNoActsStopsTheStationUntilItDoes()
    {
        const Files files;
        files.trustSomebody();
        StationApplication station(must(loadStationSetup(files.sources(kDevices))), ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(files.words().size(), 1U, kPatience);
        {
            const auto database =
                must(db::journal::openForWriting(db::journal::JournalOptions{files.file("data"), {}}));
            const auto held = must(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            QVERIFY(station.controller().takeOrder(enrollment::BatchId{"WO-4711"}).ok());
            QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Stopped, kPatience);
            QVERIFY(condition.reason.startsWith(QLatin1String("S-302")));
        }
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);
        QCOMPARE(files.words(), (std::vector<std::string>{"station-started", "order-taken"}));
    }
};

QTEST_MAIN(StationActsTest)
#include "tst_station_acts.moc"
