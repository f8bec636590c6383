# The agent's bytecode as the build packed it; engine.c unpacks it.
  .section .rdata
  .globl agent_code
  .globl agent_code_end
agent_code:
  .incbin "code.bin"
agent_code_end:
  .byte 0
