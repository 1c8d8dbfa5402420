#include "core/station/slot_board.h"
#include "tests/core/station/open_worlds.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <set>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using enrollment::StartRule;
using What = SlotNews::What;

namespace {

const SerialNumber kA{"A"};
const SerialNumber kB{"B"};
constexpr std::array kFixture{SlotNumber{1}, SlotNumber{2}};

/// In a slot: no device, one that says nothing, or one that says a serial number.
struct Inside {
    bool present = false;
    std::optional<SerialNumber> says = {};
    bool operator==(const Inside&) const = default;
};

/// What a person who watched the station knows of a slot.
struct Known {
    Inside inside;
    Inside heard; ///< by the latest look that was certain
    bool settled =
        false; ///< no device was there for long enough since anything made it doubtful; or its label was scanned
    bool scanned = false;   ///< since it waits there
    bool unwatched = false; ///< nobody who is known was there when it was looked at last
    bool operator==(const Known&) const = default;
};

using Places = std::map<SlotNumber, Known>;

/// A fixture that was seen empty for long enough.
struct World {
    explicit World(StartRule start)
        : board({kFixture.begin(), kFixture.end()}, PairingRule::DeviceSerial, SelfStart{start})
    {
        for (const auto slot : kFixture) {
            places[slot].settled = true;
        }
        for (const auto at : {SelfStart::Time{}, SelfStart::Time{SlotDevices::kGone}}) {
            board.look({{{kFixture[0], false}, {kFixture[1], false}}, true, at});
        }
    }

    SlotBoard board;
    Places places{};
    std::set<SerialNumber> disputed =
        {}; ///< two devices said it in one look, or one did while another was tested as it
    bool operator==(const World&) const = default;
};

struct Told {
    bool looked = false;
    Hearing hearing = Hearing::Binds;
    std::vector<SlotNews> news = {};
    std::optional<SerialNumber> scanned = {};
    std::optional<SlotNumber> chosen = {};
    std::optional<Result<Binding>> bound = {};
    std::optional<SlotNumber> acknowledged = {};
};

struct Event {
    std::string name;
    std::function<Told(World&)> act;
};

std::string textOf(SlotNumber slot)
{
    return std::to_string(slot.value);
}

bool runs(const SlotBoard& board, SlotNumber slot)
{
    return std::holds_alternative<SlotRunning>(board.state(slot));
}

std::optional<SerialNumber> waitsIn(const SlotBoard& board, SlotNumber slot)
{
    const auto* ready = std::get_if<SlotReady>(&board.state(slot));
    return ready == nullptr ? std::nullopt : std::optional{ready->serial};
}

Told lookAt(World& world, SelfStart::Time at, Hearing hearing, std::optional<SlotNumber> but = {})
{
    Look look{{}, true, at, {}, hearing};
    for (const auto slot : kFixture) {
        auto& known = world.places[slot];
        known.unwatched = known.unwatched || hearing == Hearing::Doubts;
        if (slot == but || runs(world.board, slot)) {
            continue;
        }
        known.heard = known.inside;
        known.unwatched = hearing == Hearing::Doubts;
        look.found.emplace(slot, known.inside.present);
        if (known.inside.says) {
            look.says.emplace(slot, *known.inside.says);
        }
    }
    return {true, hearing, world.board.look(look)};
}

/// Two looks, with so much time between that whoever is out in both is out for certain.
Told lookLong(World& world)
{
    auto told = lookAt(world, {}, Hearing::Binds);
    for (const auto slot : kFixture) {
        if (!world.places[slot].inside.present && !runs(world.board, slot)) {
            world.places[slot].settled = true;
        }
    }
    const auto more = lookAt(world, SelfStart::Time{SlotDevices::kGone}, Hearing::Binds);
    told.news.insert(told.news.end(), more.news.begin(), more.news.end());
    return told;
}

Event put(SlotNumber slot, const char* name, const Inside& inside)
{
    return {name + textOf(slot), [slot, inside](World& world) {
                world.places[slot].inside = inside;
                return Told{};
            }};
}

Event scan(const SerialNumber& serial, std::optional<SlotNumber> chosen)
{
    return {"scan " + serial.text() + (chosen ? " for " + textOf(*chosen) : ""), [serial, chosen](World& world) {
                Told told;
                told.scanned = serial;
                told.chosen = chosen;
                told.bound = world.board.bind(serial, chosen);
                return told;
            }};
}

Event end(SlotNumber slot, Outcome outcome)
{
    return {"end " + textOf(slot) + std::string{outcomeText(outcome)}, [slot, outcome](World& world) {
                enrollment::AttestationRun run;
                run.serialNumber = serialOf(world.board.state(slot)).value_or(SerialNumber{});
                run.outcome = outcome;
                run.tpm.emplace();
                world.board.apply(slot, RunFinished{run});
                return Told{};
            }};
}

void addEventsOf(SlotNumber slot, std::vector<Event>& events)
{
    events.push_back(put(slot, "A into ", {true, kA}));
    events.push_back(put(slot, "B into ", {true, kB}));
    events.push_back(put(slot, "silent into ", {true, {}}));
    events.push_back(put(slot, "out of ", {}));
    events.push_back(scan(kA, slot));
    events.push_back(scan(kB, slot));
    events.push_back({"start " + textOf(slot), [slot](World& world) {
                          world.board.apply(slot, RunStarted{});
                          if (runs(world.board, slot)) { // whoever is in afterwards is heard again
                              world.places[slot].settled = false;
                              world.places[slot].heard = {};
                          }
                          return Told{};
                      }});
    events.push_back(end(slot, Outcome::Pass));
    events.push_back(end(slot, Outcome::Fail));
    events.push_back({"take back " + textOf(slot), [slot](World& world) {
                          if (world.board.takeBack(slot)) {
                              world.places[slot].settled = false;
                          }
                          return Told{};
                      }});
    events.push_back({"acknowledge " + textOf(slot), [slot](World& world) {
                          const auto done = world.board.acknowledge(slot);
                          Told told;
                          told.acknowledged = done.ok() && *done ? std::optional{slot} : std::nullopt;
                          return told;
                      }});
    events.push_back(
        {"look but at " + textOf(slot), [slot](World& world) { return lookAt(world, {}, Hearing::Binds, slot); }});
}

std::vector<Event> everyEvent()
{
    std::vector<Event> events{scan(kA, {}), scan(kB, {}), {"look long", lookLong}};
    for (const auto hearing : {Hearing::Binds, Hearing::Waits, Hearing::Doubts}) {
        events.push_back({"look " + std::to_string(static_cast<int>(hearing)),
                          [hearing](World& world) { return lookAt(world, {}, hearing); }});
    }
    for (const auto slot : kFixture) {
        addEventsOf(slot, events);
    }
    return events;
}

/// What the event means to who watches.
void learn(const World& before, const Told& told, World& after)
{
    for (const auto& news : told.news) {
        if (news.what == What::Changed || news.what == What::SaidTwice) {
            after.places[news.slot].settled = false;
        }
    }
    for (const auto slot : kFixture) {
        auto& known = after.places[slot];
        const bool came = before.board.presence(slot) != Presence::Present &&
                          after.board.presence(slot) == Presence::Present && told.looked;
        const auto& was = before.places.at(slot);
        const bool isOther = known.heard.present && known.heard.says != was.heard.says && told.looked;
        if ((came || isOther) && (was.unwatched || told.hearing == Hearing::Doubts)) {
            known.settled = false;
        }
        known.scanned = known.scanned && waitsIn(after.board, slot) == waitsIn(before.board, slot);
    }
    const auto saidOrTested = [&](SlotNumber slot) {
        return runs(after.board, slot) ? serialOf(after.board.state(slot)) : after.places.at(slot).heard.says;
    };
    const auto first = saidOrTested(kFixture[0]);
    if (told.looked && first && first == saidOrTested(kFixture[1])) {
        after.disputed.insert(*first);
    }
    if (told.bound && told.bound->ok()) {
        auto& known = after.places[*(*told.bound)->slot];
        known.scanned = true;
        known.settled = known.settled || !waitsIn(before.board, *(*told.bound)->slot);
    }
}

/// At any time.
std::string contradiction(const World& world)
{
    for (const auto slot : kFixture) {
        const auto serial = waitsIn(world.board, slot);
        if (serial && world.places.at(slot).heard.says != serial) {
            return serial->text() + " waits in slot " + textOf(slot) + ", whose device says another";
        }
        if (serial && !world.places.at(slot).heard.present) {
            return serial->text() + " waits in a slot without a device";
        }
        if (world.board.saidIn(slot) && world.board.saidIn(slot) != world.places.at(slot).heard.says &&
            world.places.at(slot).heard.present) {
            return "slot " + textOf(slot) + " shows what its device does not say";
        }
    }
    const auto first = serialOf(world.board.state(kFixture[0]));
    const bool both = !showsResult(world.board.state(kFixture[0])) && !showsResult(world.board.state(kFixture[1]));
    if (first && both && first == serialOf(world.board.state(kFixture[1]))) {
        return first->text() + " is in two slots";
    }
    for (const auto slot : world.board.due({})) {
        if (!waitsIn(world.board, slot)) {
            return "slot " + textOf(slot) + " starts without a serial";
        }
    }
    return {};
}

std::string unasked(const World& world, StartRule start)
{
    for (const auto slot : world.board.due({})) {
        if (start == StartRule::Key || (start == StartRule::Scan && !world.places.at(slot).scanned)) {
            return "slot " + textOf(slot) + " starts, and nobody asked for it";
        }
    }
    return {};
}

/// Where a serial came into a slot by a look.
std::string wronglyHeard(const World& before, const Told& told, const World& after)
{
    for (const auto slot : kFixture) {
        const auto serial = waitsIn(after.board, slot);
        const auto& state = before.board.state(slot);
        if (!told.looked || !serial || serial == waitsIn(before.board, slot)) {
            continue;
        }
        const auto other = slot == kFixture[0] ? kFixture[1] : kFixture[0];
        if (told.hearing != Hearing::Binds) {
            return "a serial was bound while none is taken";
        }
        if (!after.places.at(slot).settled) {
            return "a serial was bound for a device that is doubted";
        }
        if (before.board.resultOf(*serial)) {
            return "a serial was bound whose result is shown, and nobody asked for another test";
        }
        if (after.disputed.contains(*serial)) {
            return "a serial was bound that two devices said";
        }
        if (!std::holds_alternative<SlotEmpty>(state) && !std::holds_alternative<SlotReady>(state) &&
            !givesWay(state)) {
            return "a result that stays was wiped away by a look";
        }
        const bool saidThere = after.places.at(other).heard.says == serial && !runs(after.board, other);
        if (saidThere || (runs(after.board, other) && serialOf(after.board.state(other)) == serial)) {
            return "a serial was bound that is said in two slots";
        }
    }
    return {};
}

std::string wronglyScanned(const World& before, const Told& told, const World& after)
{
    if (!told.bound) {
        return {};
    }
    const auto same = [&](SlotNumber slot) { return before.board.state(slot) == after.board.state(slot); };
    if (!told.bound->ok()) {
        return std::ranges::all_of(kFixture, same) ? std::string{} : "a refused scan changed something";
    }
    const auto slot = (*told.bound)->slot;
    if (!slot || waitsIn(after.board, *slot) != told.scanned) {
        return "a scan that was taken bound nothing";
    }
    if (told.chosen && slot != told.chosen) {
        return "a scan went past the slot that was chosen";
    }
    const auto& known = before.places.at(*slot);
    if (known.heard.says != told.scanned) {
        return "a scan bound what its device does not say";
    }
    const auto other = *slot == kFixture[0] ? kFixture[1] : kFixture[0];
    if (before.places.at(other).heard.says == told.scanned && !runs(before.board, other)) {
        return "a scan bound what two devices say";
    }
    const auto& state = before.board.state(*slot);
    if (!told.chosen && showsResult(state) && !givesWay(state) && !known.settled) {
        return "a scan wiped a result away beside its device";
    }
    return {};
}

std::string wronglyLost(const World& before, const Told& told, const World& after)
{
    for (const auto slot : kFixture) {
        const auto serial = waitsIn(before.board, slot);
        const auto isTold = [&](const SlotNews& news) {
            return news.slot == slot && news.serial == serial && news.what != What::Bound;
        };
        if (told.looked && serial && waitsIn(after.board, slot) != serial && std::ranges::none_of(told.news, isTold)) {
            return serial->text() + " lost its slot, and nobody was told";
        }
        const bool cleared = showsResult(before.board.state(slot)) && !showsResult(after.board.state(slot));
        const bool byScan = told.bound && told.bound->ok() && (*told.bound)->slot == slot;
        if (cleared && !byScan && told.acknowledged != slot && !(told.looked && givesWay(before.board.state(slot)))) {
            return "a result was wiped away";
        }
    }
    return {};
}

/// What is asked for is what is taken, and nothing else.
std::string misasked(const World& world)
{
    for (const auto slot : kFixture) {
        const auto said = world.board.saidIn(slot);
        if (!said) {
            continue;
        }
        auto alone = world.board;
        auto chosen = world.board;
        const auto byLabel = alone.bind(*said, {});
        const auto bySlot = chosen.bind(*said, slot);
        const bool isTakenAlone = byLabel.ok() && byLabel->slot == slot;
        const bool isTakenChosen = bySlot.ok() && bySlot->slot == slot;
        if (isTakenChosen == world.board.contested(slot)) {
            return "what slot " + textOf(slot) + " says is contested, or not, and a scan shows the opposite";
        }
        if (isTakenAlone == (world.board.contested(slot) || world.board.asksForChoice(slot))) {
            return "slot " + textOf(slot) + " asks for one label, and another is taken";
        }
    }
    return {};
}

std::string keyOf(const World& world)
{
    std::string key;
    for (const auto slot : kFixture) {
        const auto serial = serialOf(world.board.state(slot));
        const auto& known = world.places.at(slot);
        key += std::to_string(world.board.state(slot).index()) + (serial ? serial->text() : "-");
        key += std::to_string(static_cast<int>(world.board.presence(slot)));
        key += world.board.unnamed(slot) ? 'u' : ' ';
        key += known.inside.present ? (known.inside.says ? known.inside.says->text() : "s") : "-";
        key += known.settled ? 's' : ' ';
        key += known.unwatched ? 'w' : ' ';
    }
    for (const auto& serial : world.disputed) {
        key += serial.text();
    }
    return key;
}

/// Worlds in the order of how many events they need, each with every event, until \p most were seen.
class Walk {
public:
    Walk(StartRule start, std::size_t most) : m_start(start), m_open(keyOf, most) { m_open.add(World{start}); }

    std::string run()
    {
        const auto events = everyEvent();
        while (!m_open.empty()) {
            const auto before = m_open.next();
            if (const auto fault = misasked(before); !fault.empty()) {
                return keyOf(before) + ": " + fault;
            }
            for (const auto& event : events) {
                auto after = before;
                const auto told = event.act(after);
                learn(before, told, after);
                for (const auto& fault :
                     {contradiction(after), unasked(after, m_start), wronglyHeard(before, told, after),
                      wronglyScanned(before, told, after), wronglyLost(before, told, after)}) {
                    if (!fault.empty()) {
                        return keyOf(before) + ", " + event.name + ": " + fault;
                    }
                }
                m_bound += told.looked && !told.news.empty() && told.news.front().what == What::Bound ? 1 : 0;
                m_scanned += told.bound && told.bound->ok() ? 1 : 0;
                m_open.add(std::move(after));
            }
        }
        return {};
    }

    [[nodiscard]] std::size_t worlds() const { return m_open.count(); }
    [[nodiscard]] int bound() const { return m_bound; }
    [[nodiscard]] int scanned() const { return m_scanned; }

private:
    StartRule m_start;
    test::OpenWorlds<World> m_open;
    int m_bound = 0;
    int m_scanned = 0;
};

} // namespace

/// By the rule "device-serial", no serial number waits in a slot whose device says another one, whatever happens there.
class tst_announced_worlds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSequenceOfEventsBindsWhatIsNotSaid_data()
    {
        QTest::addColumn<int>("start");
        for (const auto& [word, rule] : enrollment::kStartWords) {
            QTest::newRow(std::string{word}.c_str()) << static_cast<int>(rule);
        }
    }
    void noSequenceOfEventsBindsWhatIsNotSaid()
    {
        QFETCH(int, start);
        constexpr std::size_t kMost = 4'000;
        Walk walk(static_cast<StartRule>(start), kMost);
        QCOMPARE(QString::fromStdString(walk.run()), QString{});
        QCOMPARE(walk.worlds(), kMost); // it went somewhere
        QVERIFY(walk.bound() > 100 && walk.scanned() > 100);
    }
};

QTEST_APPLESS_MAIN(tst_announced_worlds)
#include "tst_announced_worlds.moc"
