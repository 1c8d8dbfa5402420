#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/app/desktop/language_scenes.h"
#include "tests/ui/station_window.h"
#include "ui/model/step_names.h"
#include "ui/run/key_messages.h"
#include "ui/run/order_messages.h"
#include "ui/run/page_tab.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"
#include "ui/run/sign_in_messages.h"

// The Run screen of many slots and of one, with everything that its message says.

namespace enroll::test {
namespace {

using namespace std::chrono_literals;
using namespace ui;
using enrollment::SerialNumber;

/// A device that a person would judge as \p error says.
station::DeviceTpmFactory deviceThatFails(const Error& error)
{
    return [error](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<Device> {
        auto tpm = std::make_unique<FakeDeviceTpm>(workedKeys());
        tpm->failOn(TpmCall::Connect, error);
        return Device{std::move(tpm)};
    };
}

bool waitFor(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, kPatience);
}

void look(Eyes& eyes, Station& station)
{
    station.window->resize(kSceneSize);
    const auto name = QStringLiteral("GX-%1").arg(1, 6, 10, QLatin1Char('0'));
    eyes.look(*station.window, QStringLiteral("window after: ") + station.message().headline,
              knownWords() + QStringList{name});
}

void showManySlots(Eyes& eyes)
{
    Station station(16, stallingDevice);
    auto& screen = *station.runScreen;
    const auto after = [&](const auto& act) {
        act();
        look(eyes, station);
    };
    look(eyes, station);
    after([&] { screen.startAllReady(); });
    after([&] { screen.stopSelectedSlot(); });
    after([&] { screen.chooseSlot(); });
    after([&] { QTest::keyClick(&screen, Qt::Key_1); });
    waitFor([&] { return station.tells(ScanNews::OneMoreDigit, 1); });
    look(eyes, station);
    after([&] { screen.cancel(); });
    after([&] { station.choose(2); });
    after([&] { station.type(QStringLiteral("4006381333931")); });
    after([&] { station.type(QStringLiteral("GX-000001")); });
    after([&] { station.choose(2); });
    after([&] { station.type(QStringLiteral("GX-000002")); });
    after([&] { station.choose(3); });
    after([&] { station.type(QStringLiteral("GX-000002")); });
    after([&] { screen.startAllReady(); });
    after([&] { station.type(QStringLiteral("GX-000003")); });
    after([&] { station.type(QStringLiteral("GX-000004")); });
    after([&] { screen.startAllReady(); });
    after([&] { station.choose(2); });
    after([&] { screen.stopSelectedSlot(); });
    station.readQuestion();
    after([&] { screen.stopSelectedSlot(); });
    waitFor([&] { return station.tile(2).look == TileLook::Stopped; });
    after([&] { station.choose(2); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { station.type(QStringLiteral("GX-000009")); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { station.controller->stopTesting(sceneError(StationCode::JournalCannotSave)); });
    after([&] { station.controller->allowTesting(); });
    after([&] { station.runScreen->sayChecking(); });
    after([&] { station.runScreen->sayChecked({}); });
    after([&] { station.runScreen->refuseToClose(); });
    after([&] { station.window->close(); });
    after([&] { station.window->closeUnasked(); });
    waitFor([&] { return station.controller->idle(); });
}

/// What is said of work orders.
void showOrders(Eyes& eyes)
{
    Station station(1);
    const enrollment::BatchId one{"WO-4711"};
    const enrollment::BatchId two{"WO-4712"};
    const SerialNumber serial{"GX-000181"};
    for (const auto& message : {orderWantedMessage(), orderTakenMessage(one, {}, {}), orderTakenMessage(one, one, {}),
                                orderTakenMessage(two, one, {{{1}}}), orderTakenMessage(two, one, {{{1}, {2}}}),
                                orderTakenMessage(two, one, {{}, serial})}) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    }
}

/// What is said of who works here.
void showSignIn(Eyes& eyes)
{
    Station station(1);
    const enrollment::Person ana{enrollment::OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, {}};
    for (const auto& message :
         {operatorWantedMessage(), readingBadgeMessage(), signedInMessage(ana, operatorWantedMessage()),
          signedOutMessage(ana), signedOutMessage(std::nullopt)}) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    }
}

void showStopping(Eyes& eyes)
{
    Station station(2, {}, std::make_shared<std::latch>(1));
    auto& screen = *station.runScreen;
    station.choose(9);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    screen.startAllReady();
    waitFor([&] { return station.tile(1).progress && station.tile(1).progress->current == kShownSteps; });
    screen.stopSelectedSlot();
    look(eyes, station);
    station.window->close();
    look(eyes, station);
    station.openGate();
    waitFor([&] { return station.tile(1).look == TileLook::Pass; });
    look(eyes, station);
}

void showOnlySlot(Eyes& eyes)
{
    {
        Station station(1);
        look(eyes, station);
        station.type(QStringLiteral("GX-000001"));
        look(eyes, station);
        station.runScreen->startAllReady();
        look(eyes, station);
        waitFor([&] { return station.tile(1).look == TileLook::Pass; });
        look(eyes, station);
    }
    {
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000001"));
        station.runScreen->startAllReady();
        station.controller->stop({1});
        waitFor([&] { return station.tile(1).look == TileLook::Stopped; });
        look(eyes, station);
    }
    for (const auto code : {ErrorCode{StationCode::StationCannotReachPort}, ErrorCode{DeviceCode::NoTpmAnswers}}) {
        Station station(1, deviceThatFails(sceneError(code)));
        station.type(QStringLiteral("GX-000001"));
        station.runScreen->startAllReady();
        waitFor([&] { return station.controller->idle() && !station.tile(1).progress; });
        look(eyes, station);
    }
}

void showResultsThatStay(Eyes& eyes)
{
    Station station(2, deviceThatFails(sceneError(DeviceCode::NoTpmAnswers)));
    station.fillAll();
    station.runScreen->startAllReady();
    waitFor([&] { return station.tile(1).look == TileLook::Fail && station.tile(2).look == TileLook::Fail; });
    station.runScreen->cancel();
    look(eyes, station);
    station.type(QStringLiteral("GX-000003"));
    look(eyes, station);
    station.type(QStringLiteral("GX-000002"));
    look(eyes, station);
    station.choose(2);
    waitFor([&] { return station.tells(ScanNews::Selected, 2); });
    look(eyes, station);
}

/// By the command card: what F8 does, and what a command says that nobody can obey.
void showCommands(Eyes& eyes)
{
    using Command = enroll::station::Command;
    Station station(2, deviceThatFails(sceneError(DeviceCode::NoTpmAnswers)));
    station.scan(Command::Start);
    look(eyes, station);
    station.scan(Command::Acknowledge);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    station.scan(Command::StartAll);
    waitFor([&] { return station.tile(1).look == TileLook::Fail; });
    station.choose(1);
    look(eyes, station);
    station.scan(Command::Acknowledge);
    look(eyes, station);
    Station passing(2);
    passing.type(QStringLiteral("GX-000001"));
    passing.scan(Command::StartAll);
    waitFor([&] { return passing.tile(1).look == TileLook::Pass; });
    passing.choose(1);
    look(eyes, passing);
}

void showSlotThenSerial(Eyes& eyes)
{
    Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000001"));
    station.choose(1);
    look(eyes, station);
    station.press(Qt::Key_F7);
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000001"));
    station.runScreen->startAllReady();
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000002"));
    look(eyes, station);
    for (const auto rule : {enrollment::PairingRule::SlotThenSerial, enrollment::PairingRule::NextSlot}) {
        station.runScreen->scanBar().show(choiceOverMessage({1}, enroll::station::SlotBoard({{1}, {2}}, rule)));
        look(eyes, station);
    }
}

void showInsert(Eyes& eyes)
{
    Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    look(eyes, station);
    enroll::station::SlotBoard board({{1}, {2}}, enrollment::PairingRule::Insert);
    using What = enroll::station::SlotNews::What;
    for (const auto what : {What::Bound, What::Dropped, What::Unnamed, What::Misplaced}) {
        const enroll::station::SlotNews news{what, {1}, SerialNumber{"GX-000001"}, enrollment::SlotNumber{2}};
        for (const auto& slots : {board, enroll::station::SlotBoard({{1}}, enrollment::PairingRule::Insert)}) {
            station.runScreen->scanBar().show(newsMessage(news, slots));
            look(eyes, station);
        }
    }
    const auto show = [&](const ScanMessage& message) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    };
    show(acknowledgedMessage({1}, board));
    for (const bool present : {false, true, true}) { // nobody says whose it is
        board.look({{{{1}, present}}, true});
    }
    show({ScanNews::Selected, QString(), offerOf({1}, board), enrollment::SlotNumber{1}});
    QVERIFY(board.bind(SerialNumber{"GX-000001"}, {}).ok());
    show(inHandMessage(SerialNumber{"GX-000001"}, board));
    show(newsMessage({What::Dropped, {2}, SerialNumber{"GX-000001"}}, board));
    show(startedMessage(QString(), board));
    enrollment::AttestationRun run;
    for (const auto outcome : {Outcome::Pass, Outcome::Fail}) {
        run.outcome = outcome;
        show(resultMessage(run, board));
    }
}

enrollment::AttestationRun endedRun(int slot, Outcome outcome)
{
    enrollment::AttestationRun run;
    run.slot = enrollment::SlotNumber{slot};
    run.serialNumber = SerialNumber{"GX-000001"};
    run.outcome = outcome;
    run.tpm.emplace();
    if (outcome == Outcome::Aborted) {
        run.code = DeviceCode::Cancelled;
    }
    return run;
}

/// What a key says that has nothing to act on, or is refused.
void showRefusedKeys(Eyes& eyes)
{
    Station station(2);
    const auto show = [&](const ScanMessage& message) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    };
    const enrollment::SlotNumber first{1};
    enroll::station::SlotBoard hand({{1}, {2}}, enrollment::PairingRule::Insert);
    QVERIFY(hand.bind(SerialNumber{"GX-000001"}, {}).ok());
    show(nothingToStartMessage(hand));
    show(nothingToStopMessage({}, hand));
    show({ScanNews::Selected, {}, offerOf(first, hand), first});
    enroll::station::SlotBoard board({{1}, {2}});
    show(nothingToStartMessage(board));
    show(nothingToStopMessage({}, board));
    show(nothingToStopMessage(first, board));
    show(nothingToAcknowledgeMessage(first, board));
    show(startRefusedMessage(makeError(ScanCode::OrderMissing, "scene"), board));
    show(acknowledgeRefusedMessage(makeError(ScanCode::OldDeviceInSlot, "scene"), first, board));
    for (const auto* text : {"GX-000001", "GX-000002"}) {
        QVERIFY(board.bind(SerialNumber{text}, {}).ok());
        show(nothingToStopMessage({}, board));
        show(noSlotToStartMessage(board));
    }
    for (const auto slot : board.slots()) {
        board.apply(slot, enroll::station::RunStarted{});
    }
    show(nothingToStopMessage({}, board));
    show(nothingToStopMessage(first, board));
    board.apply(first, enroll::station::StopAsked{});
    board.apply(first, enroll::station::RunFinished{endedRun(1, Outcome::Aborted)});
    show(nothingToStartMessage(board));
    board.apply({2}, enroll::station::RunFinished{endedRun(2, Outcome::Pass)});
    show(nothingToAcknowledgeMessage(enrollment::SlotNumber{2}, board));
    enroll::station::SlotBoard kept({{1}, {2}});
    kept.apply(first, enroll::station::TestKept{{SerialNumber{"GX-000001"}, utcNow()}});
    show(nothingToAcknowledgeMessage(first, kept));
}

/// What is said while a device is in, or once it is out.
void showDevicesInAndOut(Eyes& eyes)
{
    Station station(2);
    const enrollment::SlotNumber first{1};
    const auto show = [&](const ScanMessage& message) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    };
    for (const auto rule : {enrollment::PairingRule::Insert, enrollment::PairingRule::SlotThenSerial}) {
        enroll::station::SlotBoard board({{1}, {2}}, rule, enroll::station::SelfStart{enrollment::StartRule::Present});
        std::chrono::steady_clock::time_point now{};
        const auto see = [&](bool isIn) {
            now += enroll::station::SlotDevices::kGone;
            board.look({{{{1}, isIn}, {{2}, false}}, true, now});
        };
        see(false);
        see(false);
        const auto bound = board.bind(SerialNumber{"GX-000001"}, first);
        QVERIFY(bound.ok());
        see(false);
        see(true);
        show(boundMessage(*bound, QStringLiteral("GX-000001"), board));
        board.apply(first, enroll::station::RunStarted{});
        const auto failed = endedRun(1, Outcome::Fail);
        board.apply(first, enroll::station::RunFinished{failed});
        show({ScanNews::Selected, {}, offerOf(first, board), first});
        see(false);
        see(false);
        show(resultMessage(failed, board));
    }
}

void showSelfStart(Eyes& eyes)
{
    using enum enroll::station::StartBy;
    using enroll::station::Presence;
    Station station(2, stallingDevice);
    const SerialNumber serial{"GX-000001"};
    TileContext context;
    for (const auto presence : {Presence::Absent, Presence::Present}) {
        for (const auto by : {Itself, Answer}) {
            for (const auto turn : {Turn::OnlySlot, Turn::Later}) {
                context.presence = presence;
                context.startBy = by;
                context.turn = turn;
                station.runScreen->grid().tile({1})->show(tileContent(enroll::station::SlotReady{serial}, context));
                look(eyes, station);
            }
        }
    }
    enroll::station::SlotBoard board({{1}, {2}}, enrollment::PairingRule::NextSlot,
                                     enroll::station::SelfStart{enrollment::StartRule::Present});
    board.look({{{{1}, true}, {{2}, false}}, true});
    const auto show = [&](const ScanMessage& message) {
        station.runScreen->scanBar().show(message);
        look(eyes, station);
    };
    for (const auto* text : {"GX-000001", "GX-000002"}) {
        const auto bound = board.bind(SerialNumber{text}, {});
        show(leftOutMessage({1}, board));
        show(leftOutMessage({1}, enroll::station::SlotBoard(std::vector<enrollment::SlotNumber>{{1}})));
        QVERIFY(bound.ok());
        show(boundMessage(*bound, QString::fromLatin1(text), board));
    }
    board.apply({1}, enroll::station::RunStarted{});
    show(startedItselfMessage({1}, board));
    enroll::station::SlotBoard seenEmpty({{1}, {2}}, enrollment::PairingRule::NextSlot,
                                         enroll::station::SelfStart{enrollment::StartRule::Present});
    for (const auto seconds : {0, 6}) {
        seenEmpty.look(
            {{{{1}, false}, {{2}, false}}, true, std::chrono::steady_clock::time_point{std::chrono::seconds{seconds}}});
    }
    const auto expecting = seenEmpty.bind(serial, {});
    QVERIFY(expecting.ok());
    show(boundMessage(*expecting, QString::fromStdString(serial.text()), seenEmpty));
    for (const auto& slots :
         {std::vector<enrollment::SlotNumber>{{1}}, std::vector<enrollment::SlotNumber>{{1}, {2}}}) {
        enroll::station::SlotBoard pulledOut(slots, enrollment::PairingRule::Insert);
        auto run = endedRun(1, Outcome::Aborted);
        run.code = DeviceCode::DeviceRemoved;
        QVERIFY(pulledOut.bind(run.serialNumber, enrollment::SlotNumber{1}).ok());
        pulledOut.apply({1}, enroll::station::RunStarted{});
        pulledOut.apply({1}, enroll::station::RunFinished{run});
        QVERIFY(pulledOut.bind(run.serialNumber, {}).ok());
        for (const bool isIn : {false, true}) {
            pulledOut.look({{{{1}, isIn}}, true, {}});
            show(leftOutMessage({1}, pulledOut));
        }
    }
}

void showPages(Eyes& eyes)
{
    for (const int waiting : {0, 1, 2, 5}) {
        PageTab tab(sceneTheme());
        tab.resize(420, 52);
        tab.show(PageNote{9, waiting == 1 ? 9 : 16, waiting, TileLook::Fail, waiting == 0});
        eyes.look(tab, QStringLiteral("tab of a page"));
    }
}

constexpr std::array kScenes{
    LanguageScene{"commands", showCommands},
    LanguageScene{"refused keys", showRefusedKeys},
    LanguageScene{"devices in and out", showDevicesInAndOut},
    LanguageScene{"many slots", showManySlots},
    LanguageScene{"work orders", showOrders},
    LanguageScene{"badges", showSignIn},
    LanguageScene{"two slots", showStopping},
    LanguageScene{"results that stay", showResultsThatStay},
    LanguageScene{"slot, then serial", showSlotThenSerial},
    LanguageScene{"insert", showInsert},
    LanguageScene{"starts by itself", showSelfStart},
    LanguageScene{"only slot", showOnlySlot},
    LanguageScene{"pages", showPages},
};

} // namespace

std::span<const LanguageScene> runScreenScenes()
{
    return kScenes;
}

} // namespace enroll::test
