#include "core/station/announced_serials.h"

#include "core/base/scan_code.h"
#include "core/station/refusal.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;
using What = SlotNews::What;

/// Nothing was judged, and so nothing is lost where the next serial number takes the slot.
bool wasAborted(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && finished->run.outcome == Outcome::Aborted;
}

/// A slot, but \p but, that shows the result of \p serial, and whose device may still be in.
std::optional<SlotNumber> doubtedResultOf(const SerialNumber& serial, const SlotStates& states,
                                          const SlotDevices& devices, std::optional<SlotNumber> but = {})
{
    const auto found = std::ranges::find_if(states, [&](const auto& entry) {
        const auto& [slot, state] = entry;
        return slot != but && showsResult(state) && serialOf(state) == serial && devices.doubted(slot);
    });
    return found == states.end() ? std::nullopt : std::optional{found->first};
}

/// Of \p slot, in \p kept, what \p heard says of a device that is there.
template <class Said>
void keep(std::map<SlotNumber, Said>& kept, SlotNumber slot, bool present, const std::map<SlotNumber, Said>& heard)
{
    const auto found = heard.find(slot);
    if (present && found != heard.end()) {
        kept.insert_or_assign(slot, found->second);
    } else {
        kept.erase(slot);
    }
}

bool foundPresent(const Look& look, SlotNumber slot)
{
    const auto found = look.found.find(slot);
    return found != look.found.end() && found->second;
}

} // namespace

std::optional<SerialNumber> AnnouncedSerials::saidIn(SlotNumber slot) const
{
    const auto said = m_said.find(slot);
    return said == m_said.end() ? std::nullopt : std::optional{said->second};
}

std::string AnnouncedSerials::unfitIn(SlotNumber slot) const
{
    const auto unfit = m_unfit.find(slot);
    return unfit == m_unfit.end() ? std::string{} : unfit->second;
}

Result<void> AnnouncedSerials::requireSame(const SerialNumber& serial, std::optional<SlotNumber> wanted) const
{
    const auto said = wanted ? saidIn(*wanted) : std::nullopt;
    if (!said || said == serial) {
        return {};
    }
    return refusal(ScanCode::DeviceSaysOther, *said,
                   "the device in " + slotText(*wanted) + " says that it is " + said->text() + ", and " +
                       serial.text() + " was scanned");
}

Result<SlotNumber> AnnouncedSerials::place(const SerialNumber& serial, std::optional<SlotNumber> wanted,
                                           const SlotStates& states, const SlotDevices& devices) const
{
    const bool isChosen = wanted && states.contains(*wanted);
    if (isChosen && std::holds_alternative<SlotRunning>(states.at(*wanted))) {
        return refusal(ScanCode::ChosenSlotRuns, serial, slotText(*wanted) + " runs");
    }
    TRY(requireSame(serial, wanted));
    std::vector<SlotNumber> saying;
    for (const auto& [slot, said] : m_said) {
        if (said == serial) {
            saying.push_back(slot);
        }
    }
    if (saying.empty()) {
        return refusal(ScanCode::NoDeviceSaysSerial, serial, "no device says it");
    }
    if (saying.size() > 1) {
        return refusal(ScanCode::TwoDevicesSaySerial, serial,
                       "the devices in " + slotText(saying[0]) + " and " + slotText(saying[1]) + " say it");
    }
    const auto slot = saying.front();
    if (isChosen) {
        return slot == *wanted
                   ? Result<SlotNumber>{slot}
                   : refusal(ScanCode::SerialAlreadyInSlot, serial, "the device in " + slotText(slot) + " says it");
    }
    if (const auto shown = doubtedResultOf(serial, states, devices)) {
        return refusal(ScanCode::SerialHasResult, serial, "its result is in " + slotText(*shown));
    }
    const auto& state = states.at(slot);
    if (showsResult(state) && !givesWay(state) && !wasAborted(state) && devices.doubted(slot)) {
        return refusal(ScanCode::OtherResultInSlot, serial, slotText(slot) + " shows a result that stays");
    }
    return slot;
}

void AnnouncedSerials::hear(const View& view)
{
    for (const auto& [slot, present] : view.look.found) {
        const auto state = view.states.find(slot);
        if (state == view.states.end() || std::holds_alternative<SlotRunning>(state->second)) {
            continue;
        }
        keep(m_said, slot, present, view.look.says);
        keep(m_unfit, slot, present, view.look.unfit);
        if (view.devices.presence(slot) != Presence::Present && !std::holds_alternative<SlotReady>(state->second)) {
            m_told.erase(slot); // who comes next is told of anew
        }
    }
}

std::optional<SlotNumber> AnnouncedSerials::otherThatSays(const SerialNumber& serial, SlotNumber slot,
                                                          const SlotStates& states) const
{
    const auto says = [&](const auto& entry) {
        const auto& [other, state] = entry;
        const auto said = std::holds_alternative<SlotRunning>(state) ? serialOf(state) : saidIn(other);
        return other != slot && said == serial;
    };
    const auto found = std::ranges::find_if(states, says);
    return found == states.end() ? std::nullopt : std::optional{found->first};
}

/// Of a slot where a serial number waits: whether its device still says it, and alone.
std::optional<SlotNews> AnnouncedSerials::ofWaiting(SlotNumber slot, const View& view) const
{
    const auto waiting = *serialOf(view.states.at(slot));
    if (view.devices.presence(slot) != Presence::Present) {
        return SlotNews{What::Dropped, slot, waiting};
    }
    const auto said = saidIn(slot);
    if (said != waiting) {
        return SlotNews{What::Changed, slot, waiting, {}, said};
    }
    const auto other = otherThatSays(waiting, slot, view.states);
    return other ? std::optional{SlotNews{What::SaidTwice, slot, waiting, other}} : std::nullopt;
}

std::optional<SlotNews> AnnouncedSerials::ofUnbound(SlotNumber slot, const SerialNumber& said, const View& view) const
{
    const auto& state = view.states.at(slot);
    const bool isDoubted = view.devices.doubted(slot);
    if (showsResult(state) && serialOf(state) == said && isDoubted) {
        return std::nullopt; // the device of the result, as everybody sees
    }
    if (const auto other = otherThatSays(said, slot, view.states)) {
        return SlotNews{What::SaidTwice, slot, said, other};
    }
    if (const auto shown = doubtedResultOf(said, view.states, view.devices, slot)) {
        return SlotNews{What::HasResult, slot, said, shown};
    }
    const bool isFree = std::holds_alternative<SlotEmpty>(state) || givesWay(state);
    if (!isFree || isDoubted || resultOf(view.states, said) || disputed(said)) {
        return SlotNews{What::Unconfirmed, slot, said};
    }
    const bool isTaken = view.look.hearing == Hearing::Binds && view.look.says.contains(slot) &&
                         !slotOf(view.states, said); // of one that left another slot now, the next look binds it
    return isTaken ? std::optional{SlotNews{What::Bound, slot, said}} : std::nullopt;
}

std::optional<SlotNews> AnnouncedSerials::ofSlot(SlotNumber slot, const View& view) const
{
    const auto& state = view.states.at(slot);
    if (std::holds_alternative<SlotRunning>(state)) {
        return std::nullopt;
    }
    if (std::holds_alternative<SlotReady>(state)) {
        return ofWaiting(slot, view);
    }
    if (const auto said = saidIn(slot)) {
        return ofUnbound(slot, *said, view);
    }
    if (!foundPresent(view.look, slot)) {
        return std::nullopt;
    }
    const bool isNew = std::holds_alternative<SlotEmpty>(state) || view.changes.appeared.contains(slot);
    return isNew ? std::optional{SlotNews{What::Silent, slot}} : std::nullopt;
}

std::vector<SlotNews> AnnouncedSerials::settle(const Look& look, const DeviceChanges& changes, const SlotStates& states,
                                               const SlotDevices& devices)
{
    const View view{look, changes, states, devices};
    hear(view);
    std::vector<SlotNews> all;
    for (const auto& [slot, state] : states) {
        if (auto news = ofSlot(slot, view)) {
            all.push_back(std::move(*news));
        }
    }
    for (const auto& [slot, said] : m_said) {
        if (otherThatSays(said, slot, states)) {
            m_disputed.insert(said);
        }
    }
    return all;
}

std::vector<SlotNews> AnnouncedSerials::untold(const std::vector<SlotNews>& all, const SlotStates& states)
{
    std::vector<SlotNews> fresh;
    for (const auto& news : all) {
        auto& told = m_told[news.slot];
        const auto isSame = [&](const SlotNews& before) {
            const bool isAsked = news.what == What::Unconfirmed || news.what == What::Silent;
            return isAsked ? before.what == news.what : before == news;
        };
        const bool isKnown = std::ranges::any_of(told, isSame);
        if (!isKnown) {
            told.push_back(news);
        }
        // A slot that had a serial number, or has one now, is news each time.
        if (!isKnown || news.what == What::Bound || std::holds_alternative<SlotReady>(states.at(news.slot))) {
            fresh.push_back(news);
        }
    }
    return fresh;
}

void AnnouncedSerials::follow(const SlotStates& states)
{
    for (const auto& [slot, state] : states) {
        if (std::holds_alternative<SlotRunning>(state)) {
            m_said.erase(slot);
            m_unfit.erase(slot);
            m_told.erase(slot);
        }
    }
}

} // namespace enroll::station
