#include "ui/shell/screen.h"

#include <QKeyEvent>

namespace enroll::ui {

void Screen::typed(QKeyEvent& event)
{
    event.ignore();
}

void Screen::keyPressEvent(QKeyEvent* event)
{
    typed(*event);
}

} // namespace enroll::ui
