// What the scan bar says that does not depend on what a slot shows.

#include "ui/run/scan_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

} // namespace

ScanMessage closeQuestion(const station::SlotBoard& board)
{
    const auto running = board.running();
    if (running.size() == 1) {
        return {ScanNews::CloseQuestion, Bar::tr("Slot %1 is testing. Close all the same?").arg(running.front().value),
                Bar::tr("Close again to stop it without a verdict. Esc lets it run.")};
    }
    return {ScanNews::CloseQuestion,
            Bar::tr("%n slots are testing. Close all the same?", nullptr, static_cast<int>(running.size())),
            Bar::tr("Close again to stop them without a verdict. Esc lets them run.")};
}

ScanMessage kioskMessage()
{
    return {ScanNews::StaysOpen, Bar::tr("The station stays open."), Bar::tr("Only IT can close it.")};
}

} // namespace enroll::ui
