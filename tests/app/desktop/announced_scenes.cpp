#include "tests/app/desktop/announced_scenes.h"

#include "core/base/scan_code.h"
#include "tests/core/station/announced_line.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/scan_messages.h"
#include "ui/run/slot_tile.h"

namespace enroll::test {
namespace {

using enroll::station::Hearing;
using enroll::station::SlotNews;
using namespace ui;
using What = SlotNews::What;

/// A scan bar, and a fixture of two slots whose devices say their serial numbers.
class Scene {
public:
    explicit Scene(Eyes& eyes, enrollment::StartRule start = enrollment::StartRule::Key) : line(start), m_eyes(eyes)
    {
        m_station.window->resize(1920, 1080);
    }

    void show(const ScanMessage& message)
    {
        m_station.runScreen->scanBar().show(message);
        m_eyes.look(*m_station.window, QStringLiteral("devices that say their serials"),
                    knownWords() + QStringList{QStringLiteral("GX-")});
    }
    void show(What what, int slot, int number, std::optional<int> other = {}, std::optional<int> said = {})
    {
        const auto otherSlot = other ? std::optional{enrollment::SlotNumber{*other}} : std::nullopt;
        const auto saidNow = said ? std::optional{serial(*said)} : std::nullopt;
        show(newsMessage({what, {slot}, serial(number), otherSlot, saidNow}, line.board));
    }
    void showOffer(int slot)
    {
        show({ScanNews::Selected, {}, offerOf({slot}, line.board), enrollment::SlotNumber{slot}});
    }
    void showRefusal(ErrorCode code, int number, const QString& scanned = {})
    {
        auto error = makeError(code, "scene");
        error.subject = serial(number).text();
        show(refusalMessage(error, line.board, scanned));
    }

    AnnouncedLine line;

private:
    Eyes& m_eyes;
    Station m_station{2};
};

void showUntilBound(Eyes& eyes)
{
    Scene scene(eyes, enrollment::StartRule::Scan);
    auto& line = scene.line;
    scene.show(idleMessage(line.board));
    scene.showOffer(1);
    line.putSilent(2);
    line.look();
    scene.show(idleMessage(line.board));
    line.putUnfit(2, "GX-99.1");
    line.look();
    scene.show(idleMessage(line.board));
    line.takeOut(2);
    line.lookLong();
    line.put(1, 1);
    line.look(Hearing::Waits);
    scene.showOffer(1);
    line.look(Hearing::Doubts);
    scene.show(What::Unconfirmed, 1, 1);
    scene.showOffer(1);
    scene.showRefusal(ScanCode::SerialAlreadyInSlot, 1);
    scene.showRefusal(ScanCode::DeviceSaysOther, 1, QStringLiteral("GX-2"));
    line.takeOut(1);
    line.lookLong();
    line.put(1, 1);
    line.look();
    scene.show(What::Bound, 1, 1);
    scene.showOffer(1);
    scene.show(startedMessage({}, line.board));
}

void showLosses(Eyes& eyes)
{
    Scene scene(eyes);
    scene.show(What::Dropped, 1, 1);
    scene.show(What::Changed, 1, 1);
    scene.show(What::Changed, 1, 1, {}, 2);
    scene.show(What::SaidTwice, 1, 1, 2);
    scene.show(What::Unclear, 1, 1);
    scene.show(acknowledgedMessage({1}, scene.line.board));
    scene.line.put(1, 1);
    scene.line.put(2, 1);
    scene.line.look();
    scene.show(idleMessage(scene.line.board));
}

/// The result of the device in slot 1, and what is said when that device comes into slot 2.
void showResults(Eyes& eyes)
{
    for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Aborted}) {
        Scene scene(eyes);
        auto& line = scene.line;
        line.put(1, 1);
        line.look();
        line.board.apply({1}, enroll::station::RunStarted{});
        line.board.apply({1}, enroll::station::StopAsked{});
        outcome == Outcome::Aborted ? line.abort(1) : line.end(1, outcome);
        line.look();
        scene.showOffer(1);
        enrollment::AttestationRun run;
        run.outcome = outcome;
        scene.show(resultMessage(run, line.board));
        line.takeOut(1);
        line.put(2, 1);
        line.look();
        line.look();
        scene.show(What::Unconfirmed, 2, 1);
        scene.showRefusal(ScanCode::SerialHasResult, 1);
        scene.showOffer(1);
    }
}

/// A station where no device is in, and its tile of a failed device in whose place another one came.
void showStation(Eyes& eyes)
{
    Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::DeviceSerial);
    station.window->resize(1920, 1080);
    const auto look = [&] {
        eyes.look(*station.window, QStringLiteral("where devices say their serials"),
                  knownWords() + QStringList{QStringLiteral("GX-")});
    };
    look();
    station.runScreen->startAllReady();
    look();
    auto& tile = *station.runScreen->grid().tile({1});
    tile.press();
    look();
    TileContext context{{1}, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now()};
    context.byDevice = true;
    context.presence = enroll::station::Presence::Present; // as long as nothing may be tested
    tile.show(tileContent(enroll::station::SlotEmpty{}, context));
    look();
    context.unclear = true;
    for (const auto& state :
         {enroll::station::SlotState{}, enroll::station::SlotState{enroll::station::SlotReady{serial(2)}}}) {
        tile.show(tileContent(state, context));
        look();
    }
    context.unclear = false;
    context.unnamed = true;
    const enroll::station::SlotFinished failed{sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000193")};
    for (const auto& said : {std::optional<enrollment::SerialNumber>{}, std::optional{serial(2)}}) {
        context.said = said;
        tile.show(tileContent(failed, context));
        look();
    }
    context.contested = true;
    tile.show(tileContent(enroll::station::SlotEmpty{}, context));
    look();
    context.said.reset();
    context.unfit = "GX-99.1";
    for (const auto& state : {enroll::station::SlotState{failed}, enroll::station::SlotState{}}) {
        tile.show(tileContent(state, context));
        look();
    }
}

} // namespace

void showDevicesThatSay(Eyes& eyes)
{
    showStation(eyes);
    showUntilBound(eyes);
    showLosses(eyes);
    showResults(eyes);
}

} // namespace enroll::test
