#include "app/enrollctl/commands.h"
#include "app/enrollctl/json_values.h"
#include "app/enrollctl/slot_lesson.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/config/slot_range.h"
#include "core/transport/plug_watch.h"
#include "core/transport/usb_port.h"

namespace enroll::app::enrollctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A hub that is plugged in brings its devices one after the other.
constexpr milliseconds kSettling{1'000};
constexpr int kLongestWait = 3'600;

struct LearnOptions {
    std::vector<std::string> slots;
    int seconds = 60;
};

std::string inWords(const std::set<std::string>& ports)
{
    return joined(std::vector<std::string>{ports.begin(), ports.end()}, ", ");
}

/// What somebody is told who has to do something else than he did; empty for an answer that ends the lesson, or changes nothing.
std::string whatElse(const SlotLesson::Answer& answer, int slot)
{
    const auto again = " Plug one into slot " + std::to_string(slot) + " alone.";
    if (const auto* several = std::get_if<SlotLesson::Several>(&answer)) {
        return "Devices came to the USB ports " + inWords(several->ports) + " at once. Take them out." + again;
    }
    if (const auto* other = std::get_if<SlotLesson::OfAnotherSlot>(&answer)) {
        return "USB port " + other->port + " is that of slot " + std::to_string(other->slot) + "." + again;
    }
    return {};
}

/// Waits until a device is plugged in, and no other one comes with it.
Result<std::string> learnPort(int slot, transport::PlugWatch& plugs, const std::map<std::string, int>& others,
                              seconds patience, Context& context)
{
    TRY_ASSIGN(const auto interrupt, system::WakeUp::create());
    const std::stop_callback onStop{context.stop, [&interrupt] { interrupt.raise(); }};
    const auto deadline = Deadline::in(patience);
    TRY_ASSIGN(auto there, transport::usbPortsInUse());
    SlotLesson lesson{std::move(there)};
    context.output.progress("Plug a device into slot " + std::to_string(slot) + " now.");
    for (;;) {
        auto news = plugs.wait(deadline, interrupt);
        if (!news && news.error().code == DeviceCode::TpmTimedOut) {
            return makeError(StationCode::NothingFound, "no device with a serial line or a TPM was plugged into slot " +
                                                            std::to_string(slot) + " within " +
                                                            std::to_string(patience.count()) + " s");
        }
        TRY(std::move(news));
        while (!deadline.passed() && plugs.wait(Deadline::in(kSettling), interrupt).ok()) {
        }
        TRY_ASSIGN(const auto now, transport::usbPortsInUse());
        const auto answer = lesson.look(now, others);
        if (const auto* learnt = std::get_if<SlotLesson::Learnt>(&answer)) {
            return learnt->port;
        }
        if (const auto words = whatElse(answer, slot); !words.empty()) {
            context.output.progress(words);
        }
    }
}

Result<int> parseSlot(const std::string& text)
{
    for (int number = 1; number <= config::kMostSlots; ++number) {
        if (text == std::to_string(number)) {
            return number;
        }
    }
    return makeError(StationCode::UsageInvalid,
                     "slot " + printableText(text) + " is none of 1 to " + std::to_string(config::kMostSlots));
}

Result<ExitCode> learn(const LearnOptions& options, Context& context)
{
    std::set<int> slots;
    for (const auto& text : options.slots) {
        TRY_ASSIGN(const auto slot, parseSlot(text));
        slots.insert(slot);
    }
    TRY_ASSIGN(const auto plugs, transport::PlugWatch::open());
    std::map<std::string, int> slotOf;
    std::string text;
    QJsonArray list;
    for (const int slot : slots) {
        TRY_ASSIGN(const auto port, learnPort(slot, *plugs, slotOf, seconds{options.seconds}, context));
        slotOf.emplace(port, slot);
        context.output.progress("Slot " + std::to_string(slot) + " is USB port " + port + ".");
        text += "[[slot]]\nnumber = " + std::to_string(slot) + "\nusb_port = \"" + port + "\"\n";
        list.append(
            QJsonObject{{QStringLiteral("number"), slot}, {QStringLiteral("usbPort"), QString::fromStdString(port)}});
    }
    context.output.result({{QStringLiteral("schema"), QStringLiteral("enrollment-station/slot-ports/1")},
                           {QStringLiteral("slots"), list}},
                          text);
    return ExitCode::Done;
}

} // namespace

void addSlotsCommands(const Command& program)
{
    const auto group = program.group("slots", "Which USB port belongs to which slot");
    auto options = std::make_shared<LearnOptions>();
    const auto command = group.subcommand(
        "learn",
        "Ask for a device in one slot after the other, and print the lines of station.toml for the ports it came to");
    command.option("--slot", options->slots, "Number of a slot; may be given again").required().placeholder("NUMBER");
    command.option("--seconds", options->seconds, "How long to wait for each device").between(1, kLongestWait);
    command.does([options](Context& context) { return learn(*options, context); });
}

} // namespace enroll::app::enrollctl
