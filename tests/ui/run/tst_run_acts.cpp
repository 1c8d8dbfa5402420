#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/support/sample_acts.h"
#include "tests/ui/station_window.h"

#include <QSignalSpy>

#include <atomic>

using namespace enroll;
using namespace enroll::ui;
using ::enroll::station::Act;
using ::enroll::station::ActCause;
using ::enroll::station::ActKind;
using enrollment::OperatorId;
using enrollment::Person;
using test::KeptActs;
using test::kPatience;
using test::stallingDevice;

// Who did what, as the controller tells it.

namespace {

using Kinds = std::vector<ActKind>;

const Person kAna{OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, {}};
const Person kBen{OperatorId{"ben"}, "Ben K.", enrollment::Role::Quality, {}};

/// Finds what the test says.
struct Badges final : ::enroll::station::BadgeCheck {
    void ask(SecretBytes, Answer answer) override
    {
        if (answers) {
            answer(found);
        }
    }
    void askPin(const OperatorId&, SecretBytes, PinAnswer answer) override { answer(pinIsRight); }
    bool answers = true;
    bool pinIsRight = true;
    Result<std::optional<Person>> found{std::optional<Person>{}};
};

struct Line : test::Station {
    explicit Line(const std::shared_ptr<Badges>& check = std::make_shared<Badges>(),
                  const std::shared_ptr<KeptActs>& log = std::make_shared<KeptActs>(),
                  const ::enroll::station::DeviceTpmFactory& devices = stallingDevice)
        : Station(2, devices, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, {}, ThemeChoice::Light,
                  ::enroll::station::SelfStart{enrollment::StartRule::Key}, nullptr, {}, ::enroll::station::WorkOrder{},
                  {::enroll::station::SignIn{}, check, log}),
          badges(check), acts(log)
    {}

    void badge(Result<std::optional<Person>> found)
    {
        badges->found = std::move(found);
        QVERIFY(controller->readBadge(SecretBytes::copyOf(asBytes(std::string_view{"B00001"}))).ok());
    }
    [[nodiscard]] const Act& last() const { return acts->all.back(); }
    /// A test that was begun and stopped.
    void stopped(const char* serial, int slot)
    {
        QVERIFY(controller->bindSerial(serial, enrollment::SlotNumber{slot}).ok());
        QVERIFY(controller->start({slot}) == RunController::Start::Started);
        controller->stop({slot});
        const auto finished = [&] {
            return std::holds_alternative<::enroll::station::SlotFinished>(controller->board().state({slot}));
        };
        QTRY_VERIFY_WITH_TIMEOUT(finished(), kPatience);
    }

    std::shared_ptr<Badges> badges;
    std::shared_ptr<KeptActs> acts;
};

/// One slot that senses its device, and a clock that a test moves.
struct Sensing {
    explicit Sensing(enrollment::PairingRule pairing = enrollment::PairingRule::Insert,
                     enrollment::StartRule start = enrollment::StartRule::Key)
    {
        RunSetup setup;
        setup.devices.emplace(enrollment::SlotNumber{1}, "tcp://127.0.0.1:2321");
        setup.pairing = pairing;
        setup.start = ::enroll::station::SelfStart{start};
        setup.order.profile.serialPattern = test::must(enrollment::SerialPattern::compile("^GX-[0-9]{6}$"));
        setup.presence = [inside = inside](auto, const auto&) { return std::optional{inside->load()}; };
        setup.factories.journal = journal.factory();
        setup.factories.tpm = stallingDevice;
        setup.signIn = ::enroll::station::SignIn{::enroll::station::SignIn::Need::Optional, kLockAfter};
        setup.badges = badges;
        setup.acts = acts;
        setup.clock = [now = now] { return *now; };
        controller = std::make_unique<RunController>(std::move(setup));
    }

    void badge(const Person& person)
    {
        badges->found = std::optional{person};
        QVERIFY(controller->readBadge(SecretBytes::copyOf(asBytes(std::string_view{"B00001"}))).ok());
    }
    void lock()
    {
        *now += kLockAfter;
        controller->passTime();
        QVERIFY(controller->signIn().isLocked());
    }

    static constexpr std::chrono::minutes kLockAfter{5};
    std::shared_ptr<::enroll::station::SignIn::TimePoint> now =
        std::make_shared<::enroll::station::SignIn::TimePoint>(std::chrono::hours{1});
    std::shared_ptr<std::atomic<bool>> inside = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<Badges> badges = std::make_shared<Badges>();
    std::shared_ptr<KeptActs> acts = std::make_shared<KeptActs>();
    test::GatedJournal journal{nullptr};
    std::unique_ptr<RunController> controller;
};

bool isBy(const Act& act, const char* person)
{
    return act.operatorId == OperatorId{person};
}

} // namespace

class RunActsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWrongPinIsKeptWithWhoseItWas()
    {
        Line line;
        auto withPin = kAna;
        withPin.pin = enrollment::SecretHash{};
        line.badge(std::optional{withPin});
        line.badges->pinIsRight = false;
        const auto enter = [&] {
            return line.controller->enterPin(SecretBytes::copyOf(asBytes(std::string_view{"4711"}))).ok();
        };
        QVERIFY(enter());
        QCOMPARE(*line.last().what.known(), ActKind::PinRefused);
        QVERIFY(line.last().person == OperatorId{"ana"} && !line.last().operatorId);
        line.badges->pinIsRight = true;
        QVERIFY(enter());
        QCOMPARE(*line.last().what.known(), ActKind::SignedIn);
        QVERIFY(isBy(line.last(), "ana"));
    }

    void whoSignsInAndOutIsKept()
    {
        Line line;
        line.badge(std::optional{kAna});
        QVERIFY(isBy(line.last(), "ana") && !line.last().inPlaceOf);
        line.badge(std::optional{kBen});
        QVERIFY(isBy(line.last(), "ben") && line.last().inPlaceOf == kAna.id);
        line.badge(std::optional{kBen});
        QVERIFY(isBy(line.last(), "ben") && !line.last().inPlaceOf);
        line.controller->signOut();
        QVERIFY(isBy(line.last(), "ben"));
        line.controller->signOut(); // nobody was there
        QVERIFY(line.acts->kinds() ==
                (Kinds{ActKind::SignedIn, ActKind::SignedIn, ActKind::SignedIn, ActKind::SignedOut}));
    }

    void aRefusedBadgeIsNobodysAct()
    {
        Line line;
        line.badge(std::optional{kAna});
        line.badge(std::optional<Person>{});
        QVERIFY(line.last().what == Word<ActKind>{ActKind::BadgeRefused});
        QVERIFY(line.last().code == Word<ErrorCode>{ScanCode::BadgeUnknown} && !line.last().operatorId);
        line.badge(makeError(StationCode::FileUnusable, "people.toml cannot be read"));
        QVERIFY(line.last().what == Word<ActKind>{ActKind::BadgeRefused});
        QVERIFY(line.last().code == Word<ErrorCode>{StationCode::FileUnusable} && !line.last().operatorId);
    }

    void anOrderIsTakenBySomebodyOrNobody()
    {
        Line line;
        QVERIFY(line.controller->takeOrder(enrollment::BatchId{"WO-4711"}).ok());
        QVERIFY(line.last().what == Word<ActKind>{ActKind::OrderTaken} && !line.last().operatorId);
        line.badge(std::optional{kAna});
        QVERIFY(line.controller->takeOrder(enrollment::BatchId{"WO-4712"}).ok());
        QVERIFY(isBy(line.last(), "ana") && line.last().batch == enrollment::BatchId{"WO-4712"});
    }

    void aSerialThatIsTakenBackIsKept()
    {
        Line line;
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{2}).ok());
        QVERIFY(line.controller->takeBack({2}));
        QVERIFY(line.acts->kinds() == Kinds{ActKind::SerialTakenBack});
        QVERIFY(line.last().slot == enrollment::SlotNumber{2});
        QVERIFY(line.last().serialNumber == enrollment::SerialNumber{"GX-000181"});
        QVERIFY(!line.controller->takeBack({2}));
        line.controller->dropHand(); // there is none
        QCOMPARE(line.acts->all.size(), 1U);
    }

    void aSerialInHandThatIsDroppedIsKept()
    {
        const auto acts = std::make_shared<KeptActs>();
        RunSetup setup;
        setup.devices.emplace(enrollment::SlotNumber{1}, "tcp://127.0.0.1:2321");
        setup.pairing = enrollment::PairingRule::Insert;
        setup.order.stationId = enrollment::StationId{"ST-07"};
        setup.order.profile.serialPattern = test::must(enrollment::SerialPattern::compile("^GX-[0-9]{6}$"));
        setup.presence = [](auto, const auto&) { return std::optional{false}; };
        setup.acts = acts;
        RunController controller{std::move(setup)};
        const auto before = utcNow();
        QVERIFY(controller.bindSerial("GX-000181", {}).ok());
        controller.dropHand();
        QVERIFY(acts->kinds() == Kinds{ActKind::SerialTakenBack});
        QVERIFY(!acts->all[0].slot && acts->all[0].serialNumber == enrollment::SerialNumber{"GX-000181"});
        QVERIFY(acts->all[0].stationId == enrollment::StationId{"ST-07"});
        QVERIFY(acts->all[0].at >= before && acts->all[0].at <= utcNow());
    }

    /// A device that comes now, or for who comes next, is not the one that was to be put in.
    void aSerialInHandIsPutDownByWhateverTakesItsPersonAway()
    {
        const std::vector<std::function<void(Sensing&)>> leaves{[](Sensing& line) { line.badge(kBen); },
                                                                [](Sensing& line) { line.controller->signOut(); },
                                                                [](Sensing& line) { line.lock(); }};
        for (const auto& leave : leaves) {
            Sensing line;
            line.badge(kAna);
            QVERIFY(line.controller->bindSerial("GX-000181", {}).ok());
            QVERIFY(line.controller->board().inHand());
            leave(line);
            QVERIFY(!line.controller->board().inHand());
            QVERIFY(line.acts->kinds().back() == ActKind::SerialTakenBack);
            QVERIFY(!line.acts->all.back().operatorId); // nobody did
            QVERIFY(line.acts->all.back().serialNumber == enrollment::SerialNumber{"GX-000181"});
        }
    }

    /// The device of a result is out, and the next one comes in.
    void aResultThatTheNextDeviceClearsIsKeptToo()
    {
        Sensing line;
        const auto& board = line.controller->board();
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
        QVERIFY(line.controller->start({1}) == RunController::Start::Started);
        line.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(board.resultLeft({1}), kPatience);
        const auto run = std::get<::enroll::station::SlotFinished>(board.state({1})).run.runId;
        line.badge(kAna);
        QVERIFY(line.controller->bindSerial("GX-000182", {}).ok());
        QVERIFY(board.inHand() && line.acts->kinds().back() == ActKind::SignedIn); // the tile stays until then
        QSignalSpy looked(line.controller.get(), &RunController::slotChanged);
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        *line.inside = true;
        QTRY_VERIFY_WITH_TIMEOUT(board.unnamed({1}), kPatience); // it may be the device that was stopped
        QVERIFY(line.controller->bindSerial("GX-000182", enrollment::SlotNumber{1}).ok());
        QVERIFY(line.acts->kinds() == (Kinds{ActKind::RunStopped, ActKind::SignedIn, ActKind::ResultReplaced}));
        const auto& act = line.acts->all.back();
        QVERIFY(isBy(act, "ana") && act.runId == run && act.slot == enrollment::SlotNumber{1});
        QVERIFY(act.serialNumber == enrollment::SerialNumber{"GX-000181"});
        QVERIFY(act.nextSerialNumber == enrollment::SerialNumber{"GX-000182"});
        QVERIFY(act.cause == Word<ActCause>{ActCause::Scan});
    }

    /// Nobody dealt with the result: its device came once more. Who was signed in then is said all the same.
    void aResultThatADeviceClearsIsNobodysDoing()
    {
        for (const bool isKnown : {true, false}) {
            Sensing line;
            const auto& board = line.controller->board();
            QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
            QVERIFY(line.controller->start({1}) == RunController::Start::Started);
            line.controller->stop({1});
            QTRY_VERIFY_WITH_TIMEOUT(board.resultLeft({1}), kPatience);
            if (isKnown) {
                line.badge(kAna);
            }
            QVERIFY(line.controller->bindSerial("GX-000181", {}).ok() && board.inHand());
            QSignalSpy looked(line.controller.get(), &RunController::slotChanged);
            QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
            *line.inside = true;
            QTRY_VERIFY_WITH_TIMEOUT(board.slotOf(enrollment::SerialNumber{"GX-000181"}), kPatience);
            const auto& act = line.acts->all.back();
            QVERIFY(act.what == Word<ActKind>{ActKind::ResultReplaced} && act.slot == enrollment::SlotNumber{1});
            QVERIFY(act.cause == Word<ActCause>{ActCause::Device} && act.runId);
            QVERIFY(act.nextSerialNumber == enrollment::SerialNumber{"GX-000181"});
            QCOMPARE(act.operatorId.has_value(), isKnown);
            QVERIFY(!isKnown || isBy(act, "ana"));
        }
    }

    void whoGoesOnKeepsTheSerialInHand()
    {
        Sensing line;
        line.badge(kAna);
        QVERIFY(line.controller->bindSerial("GX-000181", {}).ok());
        line.badge(kAna);
        QVERIFY(line.controller->board().inHand());
    }

    /// By the rule "present".
    void whatOneScannedDoesNotStartByItselfAsTheNextOnes()
    {
        Sensing line(enrollment::PairingRule::NextSlot, enrollment::StartRule::Present);
        const auto startOf = [&] { return line.controller->board().startOf({1}); };
        line.badge(kAna);
        QVERIFY(line.controller->bindSerial("GX-000181", {}).ok());
        QTRY_VERIFY_WITH_TIMEOUT(startOf() == ::enroll::station::StartBy::Itself, kPatience);
        line.lock();
        line.badge(kAna);
        QVERIFY(startOf() == ::enroll::station::StartBy::Answer); // another device may come in her absence
        QVERIFY(line.controller->bindSerial("GX-000181", {}).ok());
        QTRY_VERIFY_WITH_TIMEOUT(startOf() == ::enroll::station::StartBy::Itself, kPatience);
        line.badge(kBen);
        QVERIFY(startOf() == ::enroll::station::StartBy::Key);
    }

    void aStopIsKeptOnceHoweverOftenItIsAsked()
    {
        Line line;
        line.badge(std::optional{kAna});
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
        line.controller->stop({1}); // nothing runs yet
        QVERIFY(line.controller->start({1}) == RunController::Start::Started);
        line.controller->stop({1});
        line.controller->stop({1});
        line.controller->stopAll();
        QVERIFY(line.acts->kinds() == (Kinds{ActKind::SignedIn, ActKind::RunStopped}));
        QVERIFY(isBy(line.last(), "ana") && line.last().slot == enrollment::SlotNumber{1});
        QVERIFY(line.last().serialNumber == enrollment::SerialNumber{"GX-000181"});
        const auto finished = [&] {
            return std::get_if<::enroll::station::SlotFinished>(&line.controller->board().state({1}));
        };
        QTRY_VERIFY_WITH_TIMEOUT(finished() != nullptr, kPatience);
        QVERIFY(line.last().runId == finished()->run.runId); // known before the run is over
    }

    /// Ana closes the window; or the session ends, which is not her doing.
    void whoStopsEveryTestIsKeptWhereItIsKnown()
    {
        for (const auto closing : {Screen::Closing::Asked, Screen::Closing::Unasked}) {
            Line line;
            line.badge(std::optional{kAna});
            QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
            QVERIFY(line.controller->start({1}) == RunController::Start::Started);
            if (closing == Screen::Closing::Unasked) {
                line.window->closeUnasked();
            } else {
                line.runScreen->stopForGood(closing);
            }
            QVERIFY(line.last().what == Word<ActKind>{ActKind::RunStopped});
            QCOMPARE(line.last().operatorId.has_value(), closing == Screen::Closing::Asked);
        }
    }

    void whileABadgeIsReadWhoActsIsNotKnown()
    {
        Line line;
        line.badge(std::optional{kAna});
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
        line.badges->answers = false;
        line.badge(std::optional{kBen});
        QVERIFY(line.controller->takeBack({1}));
        QVERIFY(line.last().what == Word<ActKind>{ActKind::SerialTakenBack} && !line.last().operatorId);
        line.controller->signOut();
        QVERIFY(line.last().what == Word<ActKind>{ActKind::SignedOut} && !line.last().operatorId);
        QVERIFY(line.last().person == kAna.id);
    }

    void whileAPinIsAskedForWhoActsIsNotKnown()
    {
        Line line;
        line.badge(std::optional{kAna});
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
        auto withPin = kBen;
        withPin.pin = enrollment::SecretHash{};
        line.badge(std::optional{withPin});
        QVERIFY(line.controller->signIn().pinQuestion());
        QVERIFY(line.controller->start({1}) == RunController::Start::Refused);
        QVERIFY(line.controller->bindSerial("GX-000182", {}).error().code == ScanCode::PinMissing);
        QVERIFY(line.controller->takeOrder(enrollment::BatchId{"WO-4711"}).error().code == ScanCode::PinMissing);
        QVERIFY(line.controller->acknowledge({2}).error().code == ScanCode::PinMissing);
        QVERIFY(line.controller->takeBack({1}));
        QVERIFY(line.last().what == Word<ActKind>{ActKind::SerialTakenBack} && !line.last().operatorId);
        line.controller->signOut();
        QVERIFY(line.last().what == Word<ActKind>{ActKind::SignedOut} && !line.last().operatorId);
        QVERIFY(line.last().person == kAna.id);
    }

    void aResultThatIsDealtWithIsKeptWithItsRun()
    {
        Line line;
        line.stopped("GX-000181", 2);
        const auto run = std::get<::enroll::station::SlotFinished>(line.controller->board().state({2})).run.runId;
        line.badge(std::optional{kBen});
        QVERIFY(line.controller->acknowledge({2}).value());
        QVERIFY(line.last().what == Word<ActKind>{ActKind::ResultAcknowledged} && isBy(line.last(), "ben"));
        QVERIFY(line.last().slot == enrollment::SlotNumber{2} && line.last().runId == run);
        QVERIFY(line.last().serialNumber == enrollment::SerialNumber{"GX-000181"});
        const auto kept = line.acts->all.size();
        QVERIFY(!line.controller->acknowledge({2}).value()); // it shows none any more
        QCOMPARE(line.acts->all.size(), kept);
    }

    /// The slot is chosen for another serial, or its own is tested again.
    void aResultThatAnotherScanClearsIsKeptToo()
    {
        for (const auto* serial : {"GX-000182", "GX-000181"}) {
            Line line;
            line.stopped("GX-000181", 2);
            const auto run = std::get<::enroll::station::SlotFinished>(line.controller->board().state({2})).run.runId;
            QVERIFY(line.controller->bindSerial(serial, enrollment::SlotNumber{2}).ok());
            QVERIFY(line.acts->kinds() == (Kinds{ActKind::RunStopped, ActKind::ResultReplaced}));
            QVERIFY(line.last().cause == Word<ActCause>{ActCause::Scan} && line.last().runId == run);
            QVERIFY(line.last().nextSerialNumber == enrollment::SerialNumber{serial});
            QVERIFY(line.last().serialNumber == enrollment::SerialNumber{"GX-000181"}); // whose result it was
        }
    }

    /// A device was pulled out, and its label gets another slot than the tile that asks for it has.
    void aTileThatAsksForALabelIsReplacedWhereverThatGoes()
    {
        Line line(std::make_shared<Badges>(), std::make_shared<KeptActs>(),
                  [](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<test::Device> {
                      return makeError(DeviceCode::DeviceRemoved, "it was pulled out");
                  });
        const auto& board = line.controller->board();
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{2}).ok());
        QVERIFY(line.controller->start({2}) == RunController::Start::Started);
        QTRY_VERIFY_WITH_TIMEOUT(std::holds_alternative<::enroll::station::SlotFinished>(board.state({2})), kPatience);
        QVERIFY(line.acts->all.empty());
        QSignalSpy changed(line.controller.get(), &RunController::slotChanged);
        QVERIFY(line.controller->bindSerial("GX-000181", enrollment::SlotNumber{1}).ok());
        QVERIFY(std::holds_alternative<::enroll::station::SlotEmpty>(board.state({2})));
        QCOMPARE(changed.size(), 2); // both tiles
        QVERIFY(line.acts->kinds() == Kinds{ActKind::ResultReplaced});
        QVERIFY(line.last().slot == enrollment::SlotNumber{2} && line.last().cause == Word<ActCause>{ActCause::Scan});
        QVERIFY(line.last().serialNumber == line.last().nextSerialNumber);
    }

    void aScanThatIsRefusedClearsNothing()
    {
        Line line;
        line.stopped("GX-000181", 2);
        QVERIFY(!line.controller->bindSerial("no serial", enrollment::SlotNumber{2}).ok());
        QVERIFY(line.acts->kinds() == Kinds{ActKind::RunStopped});
        QVERIFY(line.controller->bindSerial("GX-000182", enrollment::SlotNumber{1}).ok()); // an empty slot
        QVERIFY(line.acts->kinds() == Kinds{ActKind::RunStopped});
    }

    void aStationThatKeepsNoActsWorksAllTheSame()
    {
        Line line{std::make_shared<Badges>(), nullptr};
        line.badge(std::optional{kAna});
        line.stopped("GX-000181", 1);
        QVERIFY(line.controller->acknowledge({1}).value());
    }
};

QTEST_MAIN(RunActsTest)
#include "tst_run_acts.moc"
