// Package parent ties the life of this process to the life of the one that started it. Import it for its effect.
//
// When CAPT_PARENT_DEATH_SIGNAL names a signal number, the kernel sends it to this process as soon as its parent is gone,
// however the parent went. Tests use it: a test run that is killed leaves nothing behind.
package parent

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

const (
	signalVariable = "CAPT_PARENT_DEATH_SIGNAL"
	// pidVariable closes the gap between fork and prctl: a parent that died in between can send no signal any more.
	pidVariable = "CAPT_PARENT_PID"
)

// The attribute belongs to the thread that sets it and is lost when that thread ends. Package initialisation runs on the
// main thread, which the Go runtime keeps to the end.
func init() {
	text := os.Getenv(signalVariable)
	if text == "" {
		return
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 64 {
		fmt.Fprintf(os.Stderr, "%s=%q is not a signal number\n", signalVariable, text)
		os.Exit(2)
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(number), 0); errno != 0 {
		fmt.Fprintf(os.Stderr, "cannot follow the parent process: %v\n", errno)
		os.Exit(1)
	}
	expected := os.Getenv(pidVariable)
	if expected != "" && expected != strconv.Itoa(os.Getppid()) {
		fmt.Fprintf(os.Stderr, "parent process %s is gone already\n", expected)
		os.Exit(1)
	}
	// Not for grandchildren: their parent is this process.
	os.Unsetenv(signalVariable)
	os.Unsetenv(pidVariable)
}
