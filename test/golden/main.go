// Command golden renders templates with real Go. One JSON case a line on stdin, one JSON answer a line on stdout.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"text/template"
	"time"
	"unicode/utf8"

	"capt.local/golden/workflow"
)

const (
	maxOutput = 256 * 1024
	maxStack  = 128 << 20
	timeout   = 5 * time.Second
)

type request struct {
	Template string          `json:"template"`
	Data     json.RawMessage `json:"data"`
	// Repeat renders so many times and answers how long that took: the benchmark's question.
	Repeat int `json:"repeat"`
	// Parsed parses only once, before the clock runs.
	Parsed bool `json:"parsed"`
	// Workflow is YAML to read as the original reads a rendered template.
	Workflow *string `json:"workflow"`
}

type answer struct {
	Output *string `json:"output,omitempty"`
	// Base64 of an output that is no UTF-8.
	Bytes    []byte             `json:"bytes,omitempty"`
	Error    string             `json:"error,omitempty"`
	Seconds  float64            `json:"seconds,omitempty"`
	CPU      float64            `json:"cpuSeconds,omitempty"`
	Workflow *workflow.Workflow `json:"workflow,omitempty"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "functions" {
		for name := range functions() {
			fmt.Println(name)
		}
		return
	}
	// What contains itself overflows the stack of Go, which is a gigabyte large unless told otherwise.
	debug.SetMaxStack(maxStack)
	input := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var asked request
			if err := json.Unmarshal(line, &asked); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			encoder := json.NewEncoder(output)
			encoder.SetEscapeHTML(false)
			_ = encoder.Encode(respond(asked))
			_ = output.Flush()
		}
		if err != nil {
			return
		}
	}
}

func respond(asked request) answer {
	if asked.Workflow != nil {
		parsed, err := workflow.Parse([]byte(*asked.Workflow))
		if err != nil {
			return answer{Error: err.Error()}
		}
		return answer{Workflow: parsed}
	}
	done := make(chan answer, 1)
	go func() { done <- render(asked) }()
	if asked.Repeat > 0 {
		return <-done
	}
	select {
	case result := <-done:
		return result
	case <-time.After(timeout):
		return answer{Error: "golden: timeout"}
	}
}

func render(asked request) answer {
	parsed, err := parse(asked.Template)
	if err != nil {
		return answer{Error: err.Error()}
	}
	data, err := workflow.Data(asked.Data)
	if err != nil {
		return answer{Error: "golden: " + err.Error()}
	}
	if asked.Repeat > 0 {
		return measure(asked, parsed, data)
	}
	writer := &limited{}
	if err := parsed.Execute(writer, data); err != nil {
		return answer{Error: err.Error()}
	}
	if !utf8.Valid(writer.Bytes()) {
		return answer{Bytes: writer.Bytes()}
	}
	text := writer.String()
	return answer{Output: &text}
}

// measure parses and renders as the original does it, from the text every time, unless told to render only.
func measure(asked request, parsed *template.Template, data any) answer {
	started, before := time.Now(), cpuSeconds()
	for i := 0; i < asked.Repeat; i++ {
		if !asked.Parsed {
			var err error
			if parsed, err = parse(asked.Template); err != nil {
				return answer{Error: err.Error()}
			}
		}
		if err := parsed.Execute(&limited{}, data); err != nil {
			return answer{Error: err.Error()}
		}
	}
	return answer{Seconds: time.Since(started).Seconds(), CPU: cpuSeconds() - before}
}

// cpuSeconds is what this process has used so far, all threads together.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func parse(text string) (*template.Template, error) {
	return template.New("t").Option("missingkey=error").Funcs(functions()).Parse(text)
}

type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxOutput {
		return 0, fmt.Errorf("rendered template exceeds %d bytes", maxOutput)
	}
	return l.Buffer.Write(p)
}
