#pragma once

namespace enroll::app::desktop {

/// While it lives, an X server neither blanks its screen nor saves energy: nobody touches a station for minutes, and a
/// result must be seen all the same. The server takes that back by itself when the program ends, however it ends.
///
/// Nothing happens where the display is no X server's, or one without MIT-SCREEN-SAVER 1.1: there the desktop's own
/// settings decide. A desktop's locker that asks no server is not held back either.
/// \par Thread   GUI, while the QApplication lives
/// \par Source   X11 Screen Saver Extension 1.1, XScreenSaverSuspend
class LitDisplay {
public:
    LitDisplay();
    ~LitDisplay();
    LitDisplay(const LitDisplay&) = delete;
    LitDisplay& operator=(const LitDisplay&) = delete;

private:
    bool m_suspended = false;
};

} // namespace enroll::app::desktop
