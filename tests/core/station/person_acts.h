#pragma once

#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/core/station/one_person.h"

#include <functional>
#include <vector>

namespace enroll::test {

using enrollment::SerialNumber;
using enrollment::SlotNumber;
using station::KeptTest;
using station::Presence;
using station::SlotBoard;
using station::SlotDevices;
using station::SlotFinished;
using station::SlotReady;
using station::SlotRunning;
using station::SlotState;
using station::SlotUnknown;
using std::chrono::seconds;

/// What happens in a World, where it may: the person's acts, the station's looks, and the ends of tests.
struct Event {
    std::string name;
    std::function<bool(const World&)> may;
    std::function<void(World&)> act;
};

inline bool always(const World&)
{
    return true;
}

template <class S>
bool shows(const World& world, SlotNumber slot)
{
    return std::holds_alternative<S>(world.board.state(slot));
}

/// The slots whose tiles ask for a scan of that label.
inline std::vector<SlotNumber> askingFor(const World& world, const SerialNumber& label)
{
    std::vector<SlotNumber> asking;
    std::ranges::copy_if(kFixture, std::back_inserter(asking), [&](SlotNumber slot) {
        const auto& state = world.board.state(slot);
        return asksForScan(state) && serialOf(state) == label;
    });
    return asking;
}

/// A label that tiles ask for is for one of them.
inline void scanLabel(World& world, const SerialNumber& label, std::optional<SlotNumber> chosen)
{
    if (world.sampled) {
        world.sampled->afterScan = false;
    }
    const bool isElsewhere = world.board.slotOf(label) || world.board.inHand();
    const auto asking = chosen || isElsewhere ? std::vector<SlotNumber>{} : askingFor(world, label);
    const auto bound = world.board.bind(label, chosen, world.now());
    if (!asking.empty() && !(bound.ok() && bound->slot && std::ranges::find(asking, *bound->slot) != asking.end())) {
        world.wrong = label.text() + " was asked for and not taken";
    }
    world.startDue();
}

inline Event scanOf(int device, std::optional<SlotNumber> chosen)
{
    const auto name = "scan " + labelOf(device).text() + (chosen ? std::to_string(chosen->value) : "");
    const auto choosesWell = [device, chosen](const World& world) { // whoever has several in looks where each is
        return !world.crowded || !chosen || world.in(*chosen) == device || (!world.in(*chosen) && !world.isIn(device));
    };
    return {name, [device, choosesWell](const World& world) { return world.mayTake(device) && choosesWell(world); },
            [device, chosen](World& world) {
                world.turnTo(device);
                world.scanned = true; // for the person, also if it was refused
                world.chose = chosen.has_value();
                world.tested = false;
                scanLabel(world, labelOf(device), chosen);
            }};
}

/// Somebody else sees a tile that asks for a label, and scans it, wherever its device is. Whoever has another one in hand
/// sees that this label is the latest, and scans again.
inline Event answerOf(int device)
{
    return {"answer " + labelOf(device).text(),
            [device](const World& world) { return !askingFor(world, labelOf(device)).empty(); },
            [device](World& world) {
                world.scanned = world.hands == device || (world.scanned && world.hands && world.isIn(*world.hands));
                world.tested = world.tested && world.hands != device;
                scanLabel(world, labelOf(device), {});
            }};
}

/// The label of one that was put in beside others: of its slot or not, as the person is in a hurry.
inline Event laterScanOf(int device, bool chooses)
{
    const auto slotOf = [device](const World& world) {
        return std::ranges::find_if(kFixture, [&](SlotNumber slot) { return world.in(slot) == device; });
    };
    return {"later scan " + labelOf(device).text() + (chooses ? " of its slot" : ""),
            [device](const World& world) { return world.owed.contains(device); },
            [device, chooses, slotOf](World& world) {
                world.owed.erase(device);
                scanLabel(world, labelOf(device), chooses ? std::optional{*slotOf(world)} : std::nullopt);
            }};
}

/// The code was none, or of another product: the board never sees it.
inline Event misreadOf(int device)
{
    return {"misread " + labelOf(device).text(), [device](const World& world) { return world.mayTake(device); },
            [device](World& world) {
                world.turnTo(device);
                world.scanned = true;
                world.tested = false;
                world.board.scanRefused();
            }};
}

/// Another serial number waits there, or is in hand: the station asks for that device. Not so to whoever put it in before, and chose
/// no slot for it.
inline bool asksForAnother(const World& world, int device, SlotNumber slot)
{
    const auto waiting = shows<SlotReady>(world, slot) ? serialOf(world.board.state(slot)) : world.board.inHand();
    const bool isDone = world.scanned && !world.chose && std::ranges::any_of(kFixture, [&](SlotNumber other) {
                            return world.in(other) && world.in(other) == world.hands && world.board.unnamed(other) &&
                                   waiting == labelOf(*world.hands);
                        });
    return waiting && waiting != labelOf(device) && !isDone;
}

inline Event putOf(int device, SlotNumber slot)
{
    return {"put " + labelOf(device).text() + std::to_string(slot.value),
            [device, slot](const World& world) {
                const bool first = world.hands != device || !world.scanned; // and its scan comes next
                return !world.in(slot) && !world.isIn(device) && world.mayTake(device) &&
                       !shows<SlotRunning>(world, slot) && !(first && asksForAnother(world, device, slot));
            },
            [device, slot](World& world) {
                world.turnTo(device);
                world.in(slot) = device;
            }};
}

/// Before the label of the one in hands is scanned, or another is put in with it.
inline Event putBesideOf(int device, SlotNumber slot)
{
    return {"put beside " + labelOf(device).text() + std::to_string(slot.value),
            [device, slot](const World& world) {
                return world.hands && world.hands != device && world.isIn(*world.hands) && !world.scanned &&
                       !world.in(slot) && !world.isIn(device) && !shows<SlotRunning>(world, slot) &&
                       !asksForAnother(world, device, slot);
            },
            [device, slot](World& world) {
                world.owed.insert(device);
                world.crowded = true;
                world.in(slot) = device;
            }};
}

/// The scan bar says that it is the wrong slot, and which is the right one.
inline Event obeyed()
{
    return {"obey",
            [](const World& world) {
                return world.sent && world.in(world.sent->from) && !world.in(world.sent->to) &&
                       !shows<SlotRunning>(world, world.sent->to);
            },
            [](World& world) {
                const auto sent = *std::exchange(world.sent, std::nullopt);
                world.in(sent.to) = std::exchange(world.in(sent.from), std::nullopt);
            }};
}

/// What was seen to be in is in.
inline bool isWhereSeen(const World& world)
{
    return std::ranges::all_of(kFixture, [&](SlotNumber slot) {
        return world.in(slot).has_value() || world.board.presence(slot) != Presence::Present;
    });
}

inline bool isCaughtUp(const World& world)
{
    return std::ranges::all_of(kFixture, [&](SlotNumber slot) {
        return world.in(slot).has_value() == (world.board.presence(slot) == Presence::Present);
    });
}

inline enrollment::AttestationRun runOf(const World& world, SlotNumber slot, Outcome outcome)
{
    enrollment::AttestationRun run;
    run.serialNumber = *serialOf(world.board.state(slot));
    run.outcome = outcome;
    run.tpm.emplace();
    if (!world.in(slot)) {
        run.code = DeviceCode::DeviceRemoved;
        run.outcome = Outcome::Aborted;
    } else if (outcome == Outcome::Aborted) {
        run.code = DeviceCode::Cancelled;
    } else if (outcome == Outcome::Hold) {
        run.code = HoldCode::SerialHasOtherEk; // its label is asked for again
    }
    return run;
}

enum class Memory { Kept, Unreadable, Gone };

inline std::optional<KeptTest> keptOf(const SlotState& state)
{
    const auto serial = serialOf(state);
    const auto* unknown = std::get_if<SlotUnknown>(&state);
    const auto* finished = std::get_if<SlotFinished>(&state);
    const auto runId = finished != nullptr ? std::optional{finished->run.runId} : std::nullopt;
    return unknown != nullptr ? std::optional{unknown->test}
           : serial           ? std::optional{KeptTest{serial, {}, runId}}
                              : std::nullopt;
}

/// A station that knows of no label which was scanned before shows none: whoever has a device in hand scans it again.
inline void forgetLabel(World& world)
{
    world.scanned = world.scanned && world.hands && world.isIn(*world.hands);
    world.tested = true; // so it is once the device is taken out
}

inline void restart(World& world, Memory memory, const SlotBoard& fresh)
{
    auto board = fresh;
    bool knowsLabel = false;
    for (const auto slot : kFixture) {
        const auto& before = world.board.state(slot);
        const auto test = memory == Memory::Unreadable ? std::optional{KeptTest{}} : keptOf(before);
        if (memory == Memory::Gone || !test) {
            continue;
        }
        board.apply(slot, station::TestKept{*test});
        knowsLabel = knowsLabel || !test->runId;
        const auto* finished = std::get_if<SlotFinished>(&before);
        if (memory == Memory::Kept) {
            finished != nullptr ? board.apply(slot, station::TestFound{finished->run})
                                : board.apply(slot, station::TestNotFound{});
        }
    }
    world.board = std::move(board);
    world.sampled.reset();
    if (!knowsLabel) {
        forgetLabel(world);
    }
}

inline void addLooks(std::vector<Event>& events)
{
    static constexpr seconds kOutage = SlotDevices::kGone - seconds{1};
    events.push_back({"look", always, [](World& world) { world.look(world.seen()); }});
    events.push_back({"looks", always, [](World& world) { world.lookFor(2 * SlotDevices::kGone, world.seen()); }});
    events.push_back({"begin look", [](const World& world) { return !world.sampled; },
                      [](World& world) { world.sampled = Sampled{world.seen()}; }});
    events.push_back({"end look", [](const World& world) { return world.sampled.has_value(); },
                      [](World& world) {
                          const auto sampled = *std::exchange(world.sampled, std::nullopt);
                          world.look(sampled.found, sampled.afterScan);
                      }});
    events.push_back({"outage", isCaughtUp, [](World& world) {
                          world.lookFor(kOutage, {{kFixture[0], false}, {kFixture[1], false}});
                          world.look(world.seen());
                      }});
    for (const auto slot : kFixture) {
        events.push_back({"blip " + std::to_string(slot.value),
                          [slot](const World& world) { return world.in(slot).has_value() && isCaughtUp(world); },
                          [slot](World& world) {
                              auto found = world.seen();
                              found[slot] = false;
                              world.lookFor(seconds{2}, found);
                              world.look(world.seen());
                          }});
    }
    events.push_back({"late", [](const World& world) { return world.era == 0; },
                      [](World& world) {
                          world.lookFor(2 * SlotDevices::kGone, world.seen());
                          ++world.era;
                          world.board.late(world.now());
                      }});
}

inline void addKeys(std::vector<Event>& events, SlotNumber slot)
{
    const auto name = [slot](const char* what) { return what + std::to_string(slot.value); };
    events.push_back({name("take out "),
                      [slot](const World& world) {
                          const bool isSeen = world.board.presence(slot) == Presence::Present;
                          return world.in(slot) &&
                                 (isSeen || !world.crowded); // who has several in is slower than a look
                      },
                      [slot](World& world) {
                          world.scanned = world.scanned && !(world.tested && world.in(slot) == world.hands);
                          world.owed.erase(*world.in(slot));
                          world.in(slot).reset();
                      }});
    events.push_back({name("start "),
                      [slot](const World& world) {
                          return shows<SlotReady>(world, slot) && world.in(slot) &&
                                 labelOf(*world.in(slot)) == serialOf(world.board.state(slot));
                      },
                      [slot](World& world) { world.start(slot, false); }});
    events.push_back(
        {name("acknowledge "), always, [slot](World& world) { static_cast<void>(world.board.acknowledge(slot)); }});
    events.push_back({name("take back "), always, [slot](World& world) { world.board.takeBack(slot); }});
    for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::Aborted}) {
        events.push_back({name("end ") + " " + std::to_string(static_cast<int>(outcome)),
                          [slot](const World& world) { return shows<SlotRunning>(world, slot); },
                          [slot, outcome](World& world) {
                              world.board.apply(slot, station::RunFinished{runOf(world, slot, outcome)});
                              world.startDue();
                          }});
    }
}

inline std::vector<Event> everyEvent(const SlotBoard& fresh)
{
    std::vector<Event> events;
    for (int device = 0; device < kDevices; ++device) {
        events.push_back(scanOf(device, {}));
        events.push_back(answerOf(device));
        events.push_back(misreadOf(device));
        events.push_back(laterScanOf(device, false));
        events.push_back(laterScanOf(device, true));
        for (const auto slot : kFixture) {
            events.push_back(scanOf(device, slot));
            events.push_back(putOf(device, slot));
            events.push_back(putBesideOf(device, slot));
        }
    }
    for (const auto slot : kFixture) {
        addKeys(events, slot);
    }
    addLooks(events);
    events.push_back({"drop", always, [](World& world) { world.board.dropHand(); }});
    events.push_back(obeyed());
    events.push_back({"start all", isWhereSeen, [](World& world) {
                          const auto leftOut = world.board.leftOut();
                          for (const auto slot : world.board.ready()) {
                              if (std::ranges::find(leftOut, slot) == leftOut.end()) {
                                  world.start(slot, true);
                              }
                          }
                      }});
    for (const auto memory : {Memory::Kept, Memory::Unreadable, Memory::Gone}) {
        events.push_back({"restart " + std::to_string(static_cast<int>(memory)), always,
                          [memory, fresh](World& world) { restart(world, memory, fresh); }});
    }
    return events;
}

} // namespace enroll::test
