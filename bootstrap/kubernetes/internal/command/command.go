// Package command runs one of several programs linked into one binary, chosen the way busybox does it.
package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Command is one linked program.
type Command struct {
	// Name is the file name of the official release binary.
	Name string
	// Summary is shown in the list of commands.
	Summary string
	// Run runs the program to its end and returns its exit code. args[0] is the program's name.
	Run func(args []string) int
}

// Main runs the command named by the file name of the binary (a link called "etcd") or by the first argument, and exits.
func Main(commands []Command, args []string) {
	if chosen := find(commands, filepath.Base(args[0])); chosen != nil {
		os.Exit(run(chosen, args[1:]))
	}
	if len(args) < 2 || strings.HasPrefix(args[1], "-") || args[1] == "help" {
		usage(os.Stdout, args[0], commands)
		os.Exit(0)
	}
	chosen := find(commands, args[1])
	if chosen == nil {
		fmt.Fprintf(os.Stderr, "unknown command %q\n\n", args[1])
		usage(os.Stderr, args[0], commands)
		os.Exit(2)
	}
	os.Exit(run(chosen, args[2:]))
}

// run makes os.Args look as if the program had been started by itself: some of them read it directly.
func run(chosen *Command, args []string) int {
	os.Args = append([]string{chosen.Name}, args...)
	return chosen.Run(os.Args)
}

func find(commands []Command, name string) *Command {
	for i := range commands {
		if commands[i].Name == name {
			return &commands[i]
		}
	}
	return nil
}

func usage(out io.Writer, self string, commands []Command) {
	fmt.Fprintf(out, "Usage: %s COMMAND [FLAGS]\n\nCommands:\n", filepath.Base(self))
	for _, each := range commands {
		fmt.Fprintf(out, "  %-26s%s\n", each.Name, each.Summary)
	}
}
